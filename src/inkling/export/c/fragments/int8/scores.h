/* Bytes as numbers that are 0 where the bytes are at zero. */
static void inkling_bytes_to_scores(const uint8_t *x, int32_t *y, int32_t size, int32_t zero)
{
    for (int32_t i = 0; i < size; i++) {
        y[i] = x[i] - zero;
    }
}
