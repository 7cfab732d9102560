/** The loss: cross-entropy of the softmax, and its gradient. */

/** @typedef {import("./tensor.js").Numbers} Numbers */

/**
 * Probabilities exp(zᵢ) / Σⱼ exp(zⱼ) of z = logits / temperature, without overflow.
 * @param {Numbers} logits
 * @param {number} [temperature]
 * @returns {Float64Array}
 */
export function softmax(logits, temperature = 1) {
  const largest = Math.max(...logits);
  const exponentials = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = exponentials.reduce((total, each) => total + each, 0);
  return exponentials.map((each) => each / sum);
}

/**
 * forward     loss    = −log softmax(z)[label]              in nats
 * backward    dlogits = softmax(z) − one_hot(label)
 *
 * @param {Numbers} logits
 * @param {number} label
 */
export function crossEntropy(logits, label) {
  const largest = Math.max(...logits);
  const sum = Float64Array.from(logits, (logit) => Math.exp(logit - largest)).reduce((total, each) => total + each, 0);
  const dlogits = softmax(logits).map((probability, i) => probability - (i === label ? 1 : 0));
  return { loss: Math.log(sum) - (logits[label] - largest), dlogits };
}
