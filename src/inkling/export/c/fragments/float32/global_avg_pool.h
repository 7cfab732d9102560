/* GlobalAvgPool: y[c] is the mean of x[p][c] over all pixels p. y may be the memory of x. */
static void inkling_global_avg_pool(const float *x, float *y, int32_t pixels, int32_t channels, int relu)
{
    for (int32_t c = 0; c < channels; c++) {
        float sum = 0;
        for (int32_t p = 0; p < pixels; p++) {
            sum += x[p * channels + c];
        }
        y[c] = relu && sum < 0 ? 0 : sum / (float)pixels;
    }
}
