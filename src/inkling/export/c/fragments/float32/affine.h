/* A batch normalisation that stands behind no kernel: y[p][c] = x[p][c] * weight[c] + bias[c]. y may be the memory of x. */
static void inkling_affine(const float *x, float *y, const float *weight, const float *bias,
                           int32_t pixels, int32_t channels, int relu)
{
    for (int32_t p = 0; p < pixels; p++) {
        for (int32_t c = 0; c < channels; c++) {
            const float number = *x++ * weight[c] + bias[c];
            *y++ = relu && number < 0 ? 0 : number;
        }
    }
}
