/* DepthwiseConv2d: y[h][w][c] = bias[c] + sum of x[S h + i - P][S w + j - P][c] * weight[i][j][c] over i and j, with zeros
 * outside the image. */
static void inkling_depthwise_conv2d(const float *x, float *y, const float *weight, const float *bias,
                                     const inkling_geometry *g, int relu)
{
    for (int32_t h = 0; h < g->out_height; h++) {
        for (int32_t w = 0; w < g->out_width; w++) {
            const inkling_window seen = inkling_window_at(g, h, w);
            for (int32_t c = 0; c < g->channels; c++) {
                float sum = bias[c];
                for (int32_t i = seen.top; i < seen.bottom; i++) {
                    for (int32_t j = seen.left; j < seen.right; j++) {
                        const int32_t row = h * g->stride - g->padding + i;
                        const int32_t column = w * g->stride - g->padding + j;
                        sum += (float)x[(row * g->width + column) * g->channels + c]
                             * weight[(i * g->kernel + j) * g->channels + c];
                    }
                }
                *y++ = relu && sum < 0 ? 0 : sum;
            }
        }
    }
}
