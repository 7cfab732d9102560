/* AvgPool2d: the sum for y[h][w][c] is that of x[S h + i][S w + j][c] over i and j; the multiplier makes a mean of it. y may
 * be the memory of x. */
static void inkling_avg_pool2d(const uint8_t *x, uint8_t *y, const inkling_geometry *g, const inkling_scale *scale,
                               int relu)
{
    for (int32_t h = 0; h < g->out_height; h++) {
        for (int32_t w = 0; w < g->out_width; w++) {
            const uint8_t *corner = x + (h * g->width + w) * g->stride * g->channels;
            for (int32_t c = 0; c < g->channels; c++) {
                int32_t sum = 0;
                for (int32_t i = 0; i < g->kernel; i++) {
                    for (int32_t j = 0; j < g->kernel; j++) {
                        sum += corner[(i * g->width + j) * g->channels + c] - scale->in_zero;
                    }
                }
                *y++ = inkling_requantized((int64_t)sum * scale->multipliers[0], scale, relu);
            }
        }
    }
}
