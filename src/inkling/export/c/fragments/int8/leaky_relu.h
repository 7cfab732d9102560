/* LeakyReLU: the first multiplier is for numbers above 0, the second for those below. y may be the memory of x. */
static void inkling_leaky_relu(const uint8_t *x, uint8_t *y, int32_t size, const inkling_scale *scale)
{
    for (int32_t i = 0; i < size; i++) {
        const int32_t number = x[i] - scale->in_zero;
        y[i] = inkling_requantized((int64_t)number * scale->multipliers[number < 0], scale, 0);
    }
}
