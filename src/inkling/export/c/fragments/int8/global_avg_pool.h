/* GlobalAvgPool: the sum for y[c] is that of x[p][c] over all pixels p; the multiplier makes a mean of it. y may be the
 * memory of x. */
static void inkling_global_avg_pool(const uint8_t *x, uint8_t *y, int32_t pixels, int32_t channels,
                                    const inkling_scale *scale, int relu)
{
    for (int32_t c = 0; c < channels; c++) {
        int32_t sum = 0;
        for (int32_t p = 0; p < pixels; p++) {
            sum += x[p * channels + c] - scale->in_zero;
        }
        y[c] = inkling_requantized((int64_t)sum * scale->multipliers[0], scale, relu);
    }
}
