"""How a convolution is computed: as few large matrix products, with few pixels copied. docs/convolution.md derives it.

In the order of reading, behind the layer in nn/conv2d.py:

- geometry.py        the sizes of a convolution, also of a depthwise one (nn/depthwise_conv2d.py)
- products.py        what the methods below share: the abstract base, and how large a matrix product should be
- row_products.py    y and dW, a product for each row of the kernel
- input_gradient.py  dx, the same way backwards
- one_channel.py     y and dW for images with one channel, whose row products would be too small

Letters beside those of nn: S stride, P padding, H′ and W′ rows and columns of y, n images of a block.
"""
