/* The image as numbers from 0 to 1, for a layer that does not read it as bytes. */
static void inkling_pixels(const uint8_t *x, float *y, int32_t size)
{
    for (int32_t i = 0; i < size; i++) {
        y[i] = (float)x[i] / 255;
    }
}
