/* LeakyReLU: y = max(x, slope x). y may be the memory of x. */
static void inkling_leaky_relu(const float *x, float *y, int32_t size, float slope)
{
    for (int32_t i = 0; i < size; i++) {
        y[i] = x[i] < 0 ? x[i] * slope : x[i];
    }
}
