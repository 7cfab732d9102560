/* Conv2d: the sum for y[h][w][o] is bias[o] + the sum of x[S h + i - P][S w + j - P][c] * weight[o][i][j][c] over i, j and c,
 * of which those outside the image are 0. In a row of the kernel, j and c run together. */
static void inkling_conv2d(const uint8_t *x, uint8_t *y, const int8_t *weight, const int32_t *bias,
                           const inkling_geometry *g, const inkling_scale *scale, int relu)
{
    for (int32_t h = 0; h < g->out_height; h++) {
        for (int32_t w = 0; w < g->out_width; w++) {
            const inkling_window seen = inkling_window_at(g, h, w);
            const int32_t length = (seen.right - seen.left) * g->channels;
            for (int32_t o = 0; o < g->out_channels; o++) {
                int32_t sum = bias[o];
                for (int32_t i = seen.top; i < seen.bottom; i++) {
                    const int32_t row = h * g->stride - g->padding + i;
                    const int32_t column = w * g->stride - g->padding + seen.left;
                    const uint8_t *pixels = x + (row * g->width + column) * g->channels;
                    const int32_t tap = ((o * g->kernel + i) * g->kernel + seen.left) * g->channels;
                    for (int32_t k = 0; k < length; k++) {
                        sum += (pixels[k] - scale->in_zero) * WEIGHT(tap + k);
                    }
                }
                *y++ = inkling_requantized((int64_t)sum * scale->multipliers[o], scale, relu);
            }
        }
    }
}
