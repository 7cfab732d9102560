/* ReLU: y = max(x, 0). y may be the memory of x. */
static void inkling_relu(const uint8_t *x, uint8_t *y, int32_t size, int32_t zero)
{
    for (int32_t i = 0; i < size; i++) {
        y[i] = x[i] < zero ? (uint8_t)zero : x[i];
    }
}
