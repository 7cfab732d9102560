/* The weight of pixel i of a row of `side` pixels in pixel p of the row enlarged `times` times: cubic convolution with
 * a = -1/2, its weights at the ends of the row scaled up to a sum of 1 (Keys 1981; as Pillow has it). */
static float inkling_cubic(int32_t p, int32_t i, int32_t side, int32_t times)
{
    const float centre = ((float)p + 0.5f) / (float)times;
    int32_t first = (int32_t)(centre - 1.5f), end = (int32_t)(centre + 2.5f);
    float total = 0, own = 0;
    first = centre < 1.5f ? 0 : first;
    end = end > side ? side : end;
    for (int32_t k = first; k < end; k++) {
        const float x = fabsf((float)k - centre + 0.5f);
        const float weight = x < 1 ? (1.5f * x - 2.5f) * x * x + 1 : x < 2 ? ((-0.5f * x + 2.5f) * x - 4) * x + 2 : 0;
        total += weight;
        own = k == i ? weight : own;
    }
    return own / total;
}

/* Row r of the enlarged box, into `pixels`. */
static void inkling_pixel_row(const inkling_ink *ink, int32_t r)
{
    float column[INKLING_BOX];
    if (ink->times == 1) {
        for (int32_t c = 0; c < ink->columns; c++) {
            inkling_memory.normalizing.pixels[c] = inkling_depth(ink, r, c);
        }
        return;
    }
    const int32_t near = r / ink->times;
    for (int32_t c = 0; c < ink->columns; c++) {
        column[c] = 0;
        for (int32_t i = near < 2 ? 0 : near - 2; i < ink->rows && i < near + 3; i++) {
            column[c] += inkling_cubic(r, i, ink->rows, ink->times) * inkling_depth(ink, i, c);
        }
    }
    for (int32_t p = 0; p < ink->columns * ink->times; p++) {
        const int32_t middle = p / ink->times;
        float sum = 0;
        for (int32_t i = middle < 2 ? 0 : middle - 2; i < ink->columns && i < middle + 3; i++) {
            sum += inkling_cubic(p, i, ink->columns, ink->times) * column[i];
        }
        inkling_memory.normalizing.pixels[p] = sum < 0 ? 0 : sum;
    }
}

/* The first cell of a row of `side` pixels that lies in the middle of `cells` cells, as near as `step` cells allow. */
static int32_t inkling_margin(int32_t side, float scale, int32_t cells, int32_t step)
{
    return (int32_t)(((float)cells - (float)side * scale) / 2 / (float)step + 1e-5f) * step;
}

/* The part of [cell, cell + width) that pixel i covers. */
static float inkling_share(int32_t i, float scale, int32_t margin, float cell, float width)
{
    const float begin = (float)margin + scale * (float)i, end = (float)margin + scale * (float)(i + 1);
    const float low = begin > cell ? begin : cell, high = end < cell + width ? end : cell + width;
    return high > low ? high - low : 0;
}

/* The weight of row i of the box in row r of the grid, or, with a pen, in row r of what it draws. */
static float inkling_row_weight(const inkling_ink *ink, int32_t r, int32_t i, int pen)
{
    const int32_t margin = inkling_margin(ink->rows * ink->times, ink->scale, INKLING_FINE, 4);
    float sum = 0;
    if (!pen) {
        return inkling_share(i, ink->scale, margin, (float)r, 1);
    }
    for (int32_t k = -7; k <= 7; k++) {
        const int32_t cell = r - INKLING_REACH + k;
        if (cell >= 0 && cell < INKLING_FINE) {
            sum += (INKLING_PEN - (float)(k < 0 ? -k : k)) * inkling_share(i, ink->scale, margin, (float)cell, 1);
        }
    }
    return sum;
}

/* Row r of the grid, 80 cells; with a pen, blurred downwards by it, row r of 98. */
static void inkling_cell_row(const inkling_ink *ink, int32_t r, int pen, float *cells)
{
    const int32_t height = ink->rows * ink->times, width = ink->columns * ink->times;
    const int32_t margin = inkling_margin(width, ink->scale, INKLING_FINE, 4);
    for (int32_t c = 0; c < width; c++) {
        inkling_memory.normalizing.across[c] = 0;
    }
    for (int32_t i = 0; i < height; i++) {
        const float weight = inkling_row_weight(ink, r, i, pen);
        if (weight > 0) {
            inkling_pixel_row(ink, i);
            for (int32_t c = 0; c < width; c++) {
                inkling_memory.normalizing.across[c] += weight * inkling_memory.normalizing.pixels[c];
            }
        }
    }
    for (int32_t cell = 0; cell < INKLING_FINE; cell++) {
        int32_t c = (int32_t)((float)(cell - margin) / ink->scale) - 1;
        float sum = 0;
        for (c = c < 0 ? 0 : c; c < width && (float)margin + ink->scale * (float)c < (float)(cell + 1); c++) {
            sum += inkling_share(c, ink->scale, margin, (float)cell, 1) * inkling_memory.normalizing.across[c];
        }
        cells[cell] = sum;
    }
}
