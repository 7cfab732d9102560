/* CenterCrop: the middle of an image, out_height by out_width pixels. y may be the memory of x. */
static void inkling_center_crop(const uint8_t *x, uint8_t *y, const inkling_geometry *g)
{
    const int32_t top = (g->height - g->out_height) / 2, left = (g->width - g->out_width) / 2;
    for (int32_t h = 0; h < g->out_height; h++) {
        const uint8_t *row = x + ((top + h) * g->width + left) * g->channels;
        for (int32_t k = 0; k < g->out_width * g->channels; k++) {
            *y++ = row[k];
        }
    }
}
