/** What the backward pass of each kind of layer does, in the symbols of the docstrings of `inkling.nn`. */

/**
 * @typedef {object} Words
 * @property {string} formula
 * @property {string} sentence
 */

/** @type {Words} */
const BATCH_NORM = {
  formula: "dβ = Σ dy    dγ = Σ dy·x̂    dx = γ r dy",
  sentence:
    "With its running statistics, the layer is a fixed scale γ r and shift for each channel, so dy is scaled by " +
    "the same " +
    "γ r. r is 1 / √(variance + ε); γ is called weight here and β bias.",
};

export const BACKWARD = /** @type {Record<string, Words>} */ ({
  Linear: {
    formula: "dW = xᵀ dy    db = dy    dx = dy Wᵀ",
    sentence:
      "The gradient of a weight is its input times the dy of its output; dx collects, for each input, the dy of all " +
      "outputs, each times the weight between them.",
  },
  Conv2d: {
    formula:
      "dW[i, j] = Σ over h, w of x[S h + i − P, S w + j − P]ᵀ dy[h, w]    db = Σ dy\n" +
      "dx[S h + i − P, S w + j − P] += dy[h, w] W[i, j]ᵀ",
    sentence:
      "A kernel is used everywhere in the image, so its gradient is a sum over all those places (S is the " +
      "stride, P the " +
      "padding); each place gives its dy back to the pixels that it looked at, through the same kernel.",
  },
  DepthwiseConv2d: {
    formula:
      "dW[i, j, c] = Σ over h, w of x[S h + i − P, S w + j − P, c] dy[h, w, c]    db = Σ dy\n" +
      "dx[S h + i − P, S w + j − P, c] += dy[h, w, c] W[i, j, c]",
    sentence:
      "As for a convolution, but each channel c keeps to itself: its kernel's gradient is a sum over all places " +
      "of that " +
      "channel (S is the stride, P the padding).",
  },
  ReLU: {
    formula: "dx = dy · [y > 0]",
    sentence: "Where the output was above 0, the gradient passes unchanged; where it was 0, the gradient ends.",
  },
  LeakyReLU: {
    formula: "dx = dy · (1 if y > 0 else α)",
    sentence:
      "Where the output was above 0, the gradient passes unchanged; elsewhere it is multiplied by the small slope α.",
  },
  GELU: {
    formula: "dx = dy · y′    y′ = h (1 + 2 u′ x (1 − h))",
    sentence: "Each number of dy is multiplied by the slope y′ that the curve has at its input x.",
  },
  MaxPool2d: {
    formula: "dx[S h + i, S w + j] += dy[h, w] for the i, j of the maximum",
    sentence: "Only the pixel that was the largest of its square gets the gradient; the other pixels get 0.",
  },
  AvgPool2d: {
    formula: "dx[S h + i, S w + j] += dy[h, w] / K²",
    sentence: "Every pixel of a square of K × K gets the same share of its gradient.",
  },
  GlobalAvgPool: {
    formula: "dx[h, w] = dy / (H W)",
    sentence: "All pixels of a channel get the same share of its gradient: one of H W.",
  },
  BatchNorm1d: BATCH_NORM,
  BatchNorm2d: BATCH_NORM,
  LayerNorm: {
    formula: "dβ = Σ dy    dγ = Σ dy·x̂    dx = r (γ dy − a − b x̂)    a = Σ γ dy / C    b = Σ γ dy·x̂ / C",
    sentence:
      "Each number also shifts the mean and the spread of its row of C numbers, so a and b take that part out again. " +
      "γ is called weight here and β bias.",
  },
  Dropout: {
    formula: "dx = dy",
    sentence: "Dropout is off when the network answers, so the gradient passes unchanged.",
  },
  Flatten: {
    formula: "dx = dy, in x's shape",
    sentence: "No number changes: the row of gradients becomes an image again.",
  },
  CenterCrop: {
    formula: "dx = dy in the middle, 0 elsewhere",
    sentence: "The border had no influence on the answer, so its gradient is 0.",
  },
  Residual: {
    formula: "dx = dy + (∂f/∂x)ᵀ dy",
    sentence:
      "The same dy goes two ways: straight through the shortcut, and back through the layers f inside, which are " +
      "the next " +
      "steps; dx is the sum of both.",
  },
  Sequential: {
    formula: "dx = (∂f₁/∂x)ᵀ (∂f₂/∂f₁)ᵀ … dy",
    sentence: "The chain rule: dy goes back through the layers inside, the last first; they are the next steps.",
  },
  Ensemble: {
    formula: "dx = Σₖ (∂fₖ/∂x)ᵀ dy / K",
    sentence:
      "The output is a mean of K parts, so each part gets dy / K; the parts are the next steps, the last first.",
  },
});
