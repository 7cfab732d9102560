/* Conv2d: y[h][w][o] = bias[o] + sum of x[S h + i - P][S w + j - P][c] * weight[o][i][j][c] over i, j and c. Pixels outside
 * the image are zeros, whose products are left out. In a row of the kernel, j and c run together. */
static void inkling_conv2d(const float *x, float *y, const float *weight, const float *bias,
                           const inkling_geometry *g, int relu)
{
    for (int32_t h = 0; h < g->out_height; h++) {
        for (int32_t w = 0; w < g->out_width; w++) {
            const inkling_window seen = inkling_window_at(g, h, w);
            const int32_t length = (seen.right - seen.left) * g->channels;
            for (int32_t o = 0; o < g->out_channels; o++) {
                float sum = bias[o];
                for (int32_t i = seen.top; i < seen.bottom; i++) {
                    const int32_t row = h * g->stride - g->padding + i;
                    const int32_t column = w * g->stride - g->padding + seen.left;
                    const float *pixels = x + (row * g->width + column) * g->channels;
                    const float *taps = weight + ((o * g->kernel + i) * g->kernel + seen.left) * g->channels;
                    for (int32_t k = 0; k < length; k++) {
                        sum += (float)pixels[k] * taps[k];
                    }
                }
                *y++ = relu && sum < 0 ? 0 : sum;
            }
        }
    }
}
