/* LayerNorm: each pixel, or the only row, gets mean 0 and variance 1 over its channels; then a scale and a shift for each
 * channel. y may be the memory of x. */
static void inkling_layer_norm(const float *x, float *y, const float *weight, const float *bias,
                               int32_t pixels, int32_t channels, float eps)
{
    for (int32_t p = 0; p < pixels; p++, x += channels, y += channels) {
        float mean = 0, variance = 0;
        for (int32_t c = 0; c < channels; c++) {
            mean += x[c];
        }
        mean /= (float)channels;
        for (int32_t c = 0; c < channels; c++) {
            variance += (x[c] - mean) * (x[c] - mean);
        }
        const float r = 1 / sqrtf(variance / (float)channels + eps);
        for (int32_t c = 0; c < channels; c++) {
            y[c] = (x[c] - mean) * r * weight[c] + bias[c];
        }
    }
}
