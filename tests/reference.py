"""The naive twin: the published equations as loops over Python numbers, written for clarity and never for speed."""

import math

# --- layers: x and dy are lists of rows -------------------------------------------------------------------------


def linear(x, weight, bias):
    return [[bias[o] + sum(row[f] * weight[f][o] for f in range(len(row))) for o in range(len(bias))] for row in x]


def linear_backward(x, weight, dy):
    """dx, dW, db."""
    rows, features, outputs = range(len(x)), range(len(weight)), range(len(weight[0]))
    dx = [[sum(dy[n][o] * weight[f][o] for o in outputs) for f in features] for n in rows]
    dw = [[sum(x[n][f] * dy[n][o] for n in rows) for o in outputs] for f in features]
    return dx, dw, [sum(dy[n][o] for n in rows) for o in outputs]


def leaky_relu(x, slope):
    return [[v if v > 0 else slope * v for v in row] for row in x]


def leaky_relu_backward(x, dy, slope):
    return [[d if v > 0 else slope * d for v, d in zip(a, b, strict=True)] for a, b in zip(x, dy, strict=True)]


def gelu(x):
    return [[v / 2 * (1 + math.tanh(gelu_argument(v))) for v in row] for row in x]


def gelu_argument(v):
    return math.sqrt(2 / math.pi) * (v + 0.044715 * v**3)


def gelu_backward(x, dy):
    """dx by the product rule, with tanh′ = 1 / cosh²."""

    def slope(v):
        inner = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * v**2)
        return (1 + math.tanh(gelu_argument(v))) / 2 + v / 2 * inner / math.cosh(gelu_argument(v)) ** 2

    return [[d * slope(v) for v, d in zip(a, b, strict=True)] for a, b in zip(x, dy, strict=True)]


def batch_norm(x, weight, bias, eps):
    """y, the mean and the biased variance of every column."""
    n, columns = len(x), range(len(x[0]))
    mean = [sum(row[f] for row in x) / n for f in columns]
    var = [sum((row[f] - mean[f]) ** 2 for row in x) / n for f in columns]
    y = [[weight[f] * (row[f] - mean[f]) / math.sqrt(var[f] + eps) + bias[f] for f in columns] for row in x]
    return y, mean, var


def batch_norm_backward(x, weight, dy, eps):
    """dx by the chain rule through mean and variance, term by term as in Ioffe and Szegedy's algorithm 1."""
    n = len(x)
    _, mean, var = batch_norm(x, weight, [0.0] * len(weight), eps)
    dx = [[0.0] * len(weight) for _ in x]
    for f, γ in enumerate(weight):
        centred = [row[f] - mean[f] for row in x]
        r = 1 / math.sqrt(var[f] + eps)
        dxhat = [row[f] * γ for row in dy]
        dvar = sum(d * c for d, c in zip(dxhat, centred, strict=True)) * -0.5 * r**3
        dmean = sum(-d * r for d in dxhat) + dvar * sum(-2 * c for c in centred) / n
        for i in range(n):
            dx[i][f] = dxhat[i] * r + dvar * 2 * centred[i] / n + dmean / n
    return dx


def layer_norm(x, weight, bias, eps):
    """Each row as batch normalisation takes a column, and then another scale and shift for each number of it."""
    normal, _, _ = batch_norm(transposed(x), [1.0] * len(x), [0.0] * len(x), eps)
    return [[γ * v + β for γ, v, β in zip(weight, row, bias, strict=True)] for row in transposed(normal)]


def layer_norm_backward(x, weight, dy, eps):
    """dx, dγ, dβ."""
    normal = layer_norm(x, [1.0] * len(weight), [0.0] * len(weight), eps)
    dnormal = [[γ * d for γ, d in zip(weight, row, strict=True)] for row in dy]
    dx = transposed(batch_norm_backward(transposed(x), [1.0] * len(x), transposed(dnormal), eps))
    columns = list(zip(transposed(dy), transposed(normal), strict=True))
    return dx, [sum(d * v for d, v in zip(*both, strict=True)) for both in columns], [sum(d) for d, _ in columns]


def transposed(x):
    return [list(column) for column in zip(*x, strict=True)]


def mean_of(members):
    """The mean of what the members of an ensemble make: lists of rows, number by number."""
    return [[sum(numbers) / len(members) for numbers in zip(*rows, strict=True)] for rows in zip(*members, strict=True)]


def sum_of(members):
    return [[sum(numbers) for numbers in zip(*rows, strict=True)] for rows in zip(*members, strict=True)]


# --- the loss ---------------------------------------------------------------------------------------------------


def softmax(row):
    exps = [math.exp(z - max(row)) for z in row]
    return [e / sum(exps) for e in exps]


def cross_entropy(logits, targets):
    """Mean over the rows of −Σ target · log softmax, and its gradient with respect to the logits."""
    n = len(logits)
    loss, gradient = 0.0, []
    for row, target in zip(logits, targets, strict=True):
        p = softmax(row)
        loss -= sum(t * math.log(q) for t, q in zip(target, p, strict=True)) / n
        gradient.append([(q - t) / n for t, q in zip(target, p, strict=True)])
    return loss, gradient


# --- augmentation: an image is a list of rows of pixels -----------------------------------------------------------


def pixel(image, row, column):
    return image[row][column] if 0 <= row < len(image) and 0 <= column < len(image[0]) else 0.0


def between_pixels(image, y, x):
    """Bilinear: the four pixels around the place, each weighted by the area of the rectangle opposite to it."""
    top, left = math.floor(y), math.floor(x)
    down, across = y - top, x - left
    return (
        (1 - down) * (1 - across) * pixel(image, top, left)
        + (1 - down) * across * pixel(image, top, left + 1)
        + down * (1 - across) * pixel(image, top + 1, left)
        + down * across * pixel(image, top + 1, left + 1)
    )


def warp(image, matrix, down, right):
    """Each pixel fetched from where the matrix sends (1, y, x), from the centre, and then so far down and right."""
    height, width = len(image), len(image[0])
    centre, new = ((height - 1) / 2, (width - 1) / 2), [[0.0] * width for _ in range(height)]
    for i in range(height):
        for j in range(width):
            place = (1.0, i - centre[0], j - centre[1])
            y, x = (sum(m * q for m, q in zip(matrix[1 + axis], place, strict=True)) + centre[axis] for axis in (0, 1))
            new[i][j] = between_pixels(image, y + down[i][j], x + right[i][j])
    return new


def thicken(image, t):
    """A share of the way to the largest, or for t < 0 to the smallest, of each pixel and its four neighbours."""
    rows, columns, extreme = range(len(image)), range(len(image[0])), max if t > 0 else min
    steps = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
    goal = [[extreme(pixel(image, i + a, j + b) for a, b in steps) for j in columns] for i in rows]
    return [[image[i][j] + abs(t) * (goal[i][j] - image[i][j]) for j in columns] for i in rows]


# --- optimizers: generators that are sent gradients and yield θ ---------------------------------------------------
# λ(i) is the weight decay of number i.


def sgd(theta, lr, decay, momentum=0.0, nesterov=False):
    θ, v = list(theta), [0.0] * len(theta)
    while True:
        gradient = yield list(θ)
        for i in range(len(θ)):
            g = gradient[i] + decay(i) * θ[i]
            v[i] = momentum * v[i] + g
            θ[i] -= lr * (g + momentum * v[i] if nesterov else v[i])


def rmsprop(theta, lr, decay, alpha=0.99, eps=1e-8):
    θ, v = list(theta), [0.0] * len(theta)
    while True:
        gradient = yield list(θ)
        for i in range(len(θ)):
            g = gradient[i] + decay(i) * θ[i]
            v[i] = alpha * v[i] + (1 - alpha) * g * g
            θ[i] -= lr * g / (math.sqrt(v[i]) + eps)


def muon(theta, lr, decay, matrices, momentum=0.95, ns_steps=5, other_lr_scale=1.0):
    """Jordan et al., with Nesterov momentum and decoupled decay; `matrices` (start, rows, columns) are hidden."""
    θ, v = list(theta), [0.0] * len(theta)
    while True:
        gradient = yield list(θ)
        u = []
        for i in range(len(θ)):
            v[i] = momentum * v[i] + gradient[i]
            u.append(gradient[i] + momentum * v[i])
            θ[i] *= 1 - lr * decay(i)
        step = [other_lr_scale * each for each in u]
        for start, rows, columns in matrices:
            m = [[u[start + r * columns + c] for c in range(columns)] for r in range(rows)]
            m = newton_schulz(m, ns_steps)
            for r, c in ((r, c) for r in range(rows) for c in range(columns)):
                step[start + r * columns + c] = math.sqrt(max(1.0, columns / rows)) * m[r][c]
        θ = [a - lr * b for a, b in zip(θ, step, strict=True)]


def newton_schulz(m, steps):
    """A multiple of m between 0 and 1, then X ← 3.4445 X − 4.7750 (X Xᵀ) X + 2.0315 (X Xᵀ)² X."""

    def product(a, b):
        return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]

    norm = math.sqrt(sum(x * x for row in m for x in row))
    m = [[x / norm for x in row] for row in m]
    for _ in range(steps):
        square = product(m, [list(column) for column in zip(*m, strict=True)])
        once = product(square, m)
        twice = product(square, once)
        m = [
            [3.4445 * x - 4.7750 * y + 2.0315 * z for x, y, z in zip(*rows, strict=True)]
            for rows in zip(m, once, twice, strict=True)
        ]
    return m


def adam(theta, lr, decay, betas=(0.9, 0.999), eps=1e-8, decoupled=False):
    """Kingma and Ba, algorithm 1; with `decoupled`, Loshchilov and Hutter, algorithm 2, line 12."""
    θ, m, v, t = list(theta), [0.0] * len(theta), [0.0] * len(theta), 0
    while True:
        gradient = yield list(θ)
        t += 1
        for i in range(len(θ)):
            g = gradient[i]
            if decoupled:
                θ[i] -= lr * decay(i) * θ[i]
            else:
                g += decay(i) * θ[i]
            m[i] = betas[0] * m[i] + (1 - betas[0]) * g
            v[i] = betas[1] * v[i] + (1 - betas[1]) * g * g
            θ[i] -= lr * (m[i] / (1 - betas[0] ** t)) / (math.sqrt(v[i] / (1 - betas[1] ** t)) + eps)
