/* ReLU: y = max(x, 0). y may be the memory of x. */
static void inkling_relu(const float *x, float *y, int32_t size)
{
    for (int32_t i = 0; i < size; i++) {
        y[i] = x[i] < 0 ? 0 : x[i];
    }
}
