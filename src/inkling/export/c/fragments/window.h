/* The rows and columns of a kernel that lie inside the image while the kernel makes pixel (h, w). */
typedef struct {
    int32_t top, bottom, left, right;
} inkling_window;

static inkling_window inkling_window_at(const inkling_geometry *g, int32_t h, int32_t w)
{
    const int32_t row = h * g->stride - g->padding, column = w * g->stride - g->padding;
    inkling_window seen;
    seen.top = row < 0 ? -row : 0;
    seen.left = column < 0 ? -column : 0;
    seen.bottom = row + g->kernel > g->height ? g->height - row : g->kernel;
    seen.right = column + g->kernel > g->width ? g->width - column : g->kernel;
    return seen;
}
