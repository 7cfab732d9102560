/* What a kernel or a pool moves over: an image of height by width pixels of some channels; and what it makes of it. */
typedef struct {
    int32_t height, width, channels, out_height, out_width, out_channels, kernel, stride, padding;
} inkling_geometry;
