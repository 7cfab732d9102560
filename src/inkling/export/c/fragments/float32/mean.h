/* The sum of several values, times a scale: Residual adds what its layers make to their input, Ensemble takes the mean.
 * y may be the memory of any of them. */
static void inkling_mean(const float *const *x, int32_t count, float *y, int32_t size, float scale, int relu)
{
    for (int32_t i = 0; i < size; i++) {
        float sum = 0;
        for (int32_t k = 0; k < count; k++) {
            sum += x[k][i];
        }
        y[i] = relu && sum < 0 ? 0 : sum * scale;
    }
}
