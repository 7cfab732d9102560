/* DepthwiseConv2d: the sum for y[h][w][c] is bias[c] + the sum of x[S h + i - P][S w + j - P][c] * weight[i][j][c] over i and
 * j, of which those outside the image are 0. */
static void inkling_depthwise_conv2d(const uint8_t *x, uint8_t *y, const int8_t *weight, const int32_t *bias,
                                     const inkling_geometry *g, const inkling_scale *scale, int relu)
{
    for (int32_t h = 0; h < g->out_height; h++) {
        for (int32_t w = 0; w < g->out_width; w++) {
            const inkling_window seen = inkling_window_at(g, h, w);
            for (int32_t o = 0; o < g->channels; o++) {
                int32_t sum = bias[o];
                for (int32_t i = seen.top; i < seen.bottom; i++) {
                    for (int32_t j = seen.left; j < seen.right; j++) {
                        const int32_t row = h * g->stride - g->padding + i;
                        const int32_t column = w * g->stride - g->padding + j;
                        const int32_t number = x[(row * g->width + column) * g->channels + o] - scale->in_zero;
                        sum += number * WEIGHT((i * g->kernel + j) * g->channels + o);
                    }
                }
                *y++ = inkling_requantized((int64_t)sum * scale->multipliers[o], scale, relu);
            }
        }
    }
}
