/* The sum of several values, each with a zero and a multiplier of its own: Residual adds what its layers make to their input,
 * Ensemble takes the mean. y may be the memory of any of them. */
static void inkling_mean(const uint8_t *const *x, const int32_t *zeros, int32_t count, uint8_t *y, int32_t size,
                         const inkling_scale *scale, int relu)
{
    for (int32_t i = 0; i < size; i++) {
        int64_t sum = 0;
        for (int32_t k = 0; k < count; k++) {
            sum += (int64_t)(x[k][i] - zeros[k]) * scale->multipliers[k];
        }
        y[i] = inkling_requantized(sum, scale, relu);
    }
}
