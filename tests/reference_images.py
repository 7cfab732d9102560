"""The naive twin of the layers for images: arrays serve as containers only, every number is worked out by itself."""

from itertools import product

import numpy as np

import reference


def places(size, kernel, stride, padding=0):
    """How many places a kernel has along a line of pixels, counted by trying them."""
    return sum(1 for start in range(-padding, size, stride) if start + kernel <= size + padding)


# --- convolution ------------------------------------------------------------------------------------------------


def products(x, weight, stride, padding):
    """All products that a convolution adds up, each by its place in y, in x and in the weight."""
    images, height, width, _ = x.shape
    kernel, _, channels, outputs = weight.shape
    rows, columns = (places(size, kernel, stride, padding) for size in (height, width))
    for n, h, w, i, j in product(*map(range, (images, rows, columns, kernel, kernel))):
        row, column = stride * h + i - padding, stride * w + j - padding
        if 0 <= row < height and 0 <= column < width:
            for c, o in product(range(channels), range(outputs)):
                yield (n, h, w, o), (n, row, column, c), (i, j, c, o)


def convolution(x, weight, bias, stride, padding):
    rows, columns = (places(size, len(weight), stride, padding) for size in x.shape[1:3])
    y = np.tile(bias, (len(x), rows, columns, 1))
    for at_y, at_x, at_weight in products(x, weight, stride, padding):
        y[at_y] += x[at_x] * weight[at_weight]
    return y


def convolution_backward(x, weight, dy, stride, padding):
    """dx, dW, db."""
    dx, dw, db = np.zeros(x.shape), np.zeros(weight.shape), np.zeros(weight.shape[3])
    for at_y, at_x, at_weight in products(x, weight, stride, padding):
        dx[at_x] += dy[at_y] * weight[at_weight]
        dw[at_weight] += dy[at_y] * x[at_x]
    for at_y in np.ndindex(dy.shape):
        db[at_y[3]] += dy[at_y]
    return dx, dw, db


def depthwise_products(x, weight, stride, padding):
    """Those products of a convolution with as many kernels as channels that stay in their channel."""
    of_all = np.empty((*weight.shape, weight.shape[2]))
    for at_y, at_x, (i, j, c, o) in products(x, of_all, stride, padding):
        if c == o:
            yield at_y, at_x, (i, j, c)


def depthwise(x, weight, bias, stride, padding):
    rows, columns = (places(size, len(weight), stride, padding) for size in x.shape[1:3])
    y = np.tile(bias, (len(x), rows, columns, 1))
    for at_y, at_x, at_weight in depthwise_products(x, weight, stride, padding):
        y[at_y] += x[at_x] * weight[at_weight]
    return y


def depthwise_backward(x, weight, dy, stride, padding):
    """dx, dW."""
    dx, dw = np.zeros(x.shape), np.zeros(weight.shape)
    for at_y, at_x, at_weight in depthwise_products(x, weight, stride, padding):
        dx[at_x] += dy[at_y] * weight[at_weight]
        dw[at_weight] += dy[at_y] * x[at_x]
    return dx, dw


# --- pooling ----------------------------------------------------------------------------------------------------


def squares(x, kernel, stride):
    """The squares of a pooling: the place in y of each, and the places of its pixels in x, column after column."""
    images, height, width, channels = x.shape
    rows, columns = places(height, kernel, stride), places(width, kernel, stride)
    for n, h, w, c in product(*map(range, (images, rows, columns, channels))):
        yield (n, h, w, c), [(n, stride * h + i, stride * w + j, c) for j in range(kernel) for i in range(kernel)]


def pool(x, kernel, stride, one_of_many):
    y = np.empty((len(x), places(x.shape[1], kernel, stride), places(x.shape[2], kernel, stride), x.shape[3]))
    for at_y, square in squares(x, kernel, stride):
        y[at_y] = one_of_many([x[at_x] for at_x in square])
    return y


def mean(numbers):
    return sum(numbers) / len(numbers)


def max_pool_backward(x, dy, kernel, stride):
    """dx: all goes to the first of the largest."""
    dx = np.zeros(x.shape)
    for at_y, square in squares(x, kernel, stride):
        dx[max(square, key=lambda at: x[at])] += dy[at_y]
    return dx


def mean_pool_backward(x, dy, kernel, stride):
    """dx: each gets the same."""
    dx = np.zeros(x.shape)
    for at_y, square in squares(x, kernel, stride):
        for at_x in square:
            dx[at_x] += dy[at_y] / len(square)
    return dx


def global_mean(x):
    images, height, width, channels = x.shape
    return [
        [mean([x[n, h, w, c] for h in range(height) for w in range(width)]) for c in range(channels)]
        for n in range(images)
    ]


def global_mean_backward(x, dy):
    dx = np.empty(x.shape)
    for n, h, w, c in np.ndindex(x.shape):
        dx[n, h, w, c] = dy[n, c] / (x.shape[1] * x.shape[2])
    return dx


# --- normalisation: every pixel is a row ---------------------------------------------------------------------------


def pixels(x):
    return [pixel for image in x.tolist() for row in image for pixel in row]


def batch_norm(x, weight, bias, eps):
    y, mean, var = reference.batch_norm(pixels(x), weight, bias, eps)
    return np.reshape(y, x.shape), mean, var


def batch_norm_backward(x, weight, dy, eps):
    return np.reshape(reference.batch_norm_backward(pixels(x), weight, pixels(dy), eps), x.shape)


def layer_norm(x, weight, bias, eps):
    return np.reshape(reference.layer_norm(pixels(x), weight, bias, eps), x.shape)


def layer_norm_backward(x, weight, dy, eps):
    """dx, dγ, dβ."""
    dx, dweight, dbias = reference.layer_norm_backward(pixels(x), weight, pixels(dy), eps)
    return np.reshape(dx, x.shape), dweight, dbias
