/* Linear: y[o] = bias[o] + sum of x[f] * weight[o][f] over the features f. */
static void inkling_linear(const float *x, float *y, const float *weight, const float *bias,
                           int32_t features, int32_t outputs, int relu)
{
    for (int32_t o = 0; o < outputs; o++) {
        float sum = bias[o];
        for (int32_t f = 0; f < features; f++) {
            sum += (float)x[f] * *weight++;
        }
        y[o] = relu && sum < 0 ? 0 : sum;
    }
}
