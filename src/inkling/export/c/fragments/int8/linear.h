/* Linear: the sum for y[o] is bias[o] + the sum of x[f] * weight[o][f] over the features f. */
static void inkling_linear(const uint8_t *x, uint8_t *y, const int8_t *weight, const int32_t *bias,
                           int32_t features, int32_t outputs, const inkling_scale *scale, int relu)
{
    for (int32_t o = 0; o < outputs; o++) {
        int32_t sum = bias[o];
        for (int32_t f = 0; f < features; f++) {
            sum += (x[f] - scale->in_zero) * WEIGHT(o * features + f);
        }
        *y++ = inkling_requantized((int64_t)sum * scale->multipliers[o], scale, relu);
    }
}
