/* MaxPool2d: y[h][w][c] is the largest of x[S h + i][S w + j][c] over i and j. y may be the memory of x. */
static void inkling_max_pool2d(const float *x, float *y, const inkling_geometry *g)
{
    for (int32_t h = 0; h < g->out_height; h++) {
        for (int32_t w = 0; w < g->out_width; w++) {
            const float *corner = x + (h * g->width + w) * g->stride * g->channels;
            for (int32_t c = 0; c < g->channels; c++) {
                float largest = corner[c];
                for (int32_t i = 0; i < g->kernel; i++) {
                    for (int32_t j = 0; j < g->kernel; j++) {
                        const float number = corner[(i * g->width + j) * g->channels + c];
                        largest = number > largest ? number : largest;
                    }
                }
                *y++ = largest;
            }
        }
    }
}
