/* GELU, in its tanh form: y = x (1 + tanh(0.7978845608 x (1 + 0.044715 x^2))) / 2. y may be the memory of x. */
static void inkling_gelu(const float *x, float *y, int32_t size)
{
    for (int32_t i = 0; i < size; i++) {
        const float number = x[i];
        y[i] = number * 0.5f * (1 + tanhf(0.7978845608f * number * (1 + 0.044715f * number * number)));
    }
}
