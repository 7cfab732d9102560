/* Row r of what the pen draws, 98 cells, before it is cut off at the middle depth. */
static void inkling_blurred_row(const inkling_ink *ink, int32_t r)
{
    float *cells = inkling_memory.normalizing.cells[0];
    inkling_cell_row(ink, r, 1, cells);
    for (int32_t c = 0; c < INKLING_DRAWN; c++) {
        float sum = 0;
        for (int32_t k = -7; k <= 7; k++) {
            const int32_t cell = c - INKLING_REACH + k;
            if (cell >= 0 && cell < INKLING_FINE) {
                sum += (INKLING_PEN - (float)(k < 0 ? -k : k)) * cells[cell];
            }
        }
        inkling_memory.normalizing.drawn[c] = sum;
    }
}

/* Mean width of strokes in cells, twice their area over the length of their edges, and the deepest ink of a cell. */
static float inkling_stroke_width(const inkling_ink *ink, float *deepest)
{
    float area = 0, edges = 0;
    float(*cells)[INKLING_FINE] = inkling_memory.normalizing.cells;
    *deepest = 0;
    for (int32_t c = 0; c < INKLING_FINE; c++) {
        cells[0][c] = 0;
    }
    inkling_cell_row(ink, 0, 0, cells[1]);
    for (int32_t r = 0; r < INKLING_FINE; r++) {
        if (r + 1 < INKLING_FINE) {
            inkling_cell_row(ink, r + 1, 0, cells[2]);
        }
        for (int32_t c = 0; c < INKLING_FINE; c++) {
            const float right = c + 1 < INKLING_FINE ? cells[1][c + 1] : 0, left = c > 0 ? cells[1][c - 1] : 0;
            const float below = r + 1 < INKLING_FINE ? cells[2][c] : 0;
            const float across = right - left, down = below - cells[0][c];
            edges += sqrtf(across * across + down * down);
            area += cells[1][c];
            *deepest = cells[1][c] > *deepest ? cells[1][c] : *deepest;
        }
        for (int32_t c = 0; c < INKLING_FINE; c++) {
            cells[0][c] = cells[1][c];
            cells[1][c] = cells[2][c];
        }
    }
    return 4 * area / edges;
}

/* The median of the blurred depth over the cells that are deeper than `least`: by histograms, each 128 times as fine as the
 * one before, and a last pass for the number above the middle. */
static float inkling_middle_depth(const inkling_ink *ink, float least, float highest)
{
    float low = 0, width = highest, above = highest;
    int32_t rank = -1, left = 0;
    for (int pass = 0; pass < 4; pass++) {
        for (int32_t b = 0; b < INKLING_BINS; b++) {
            inkling_memory.normalizing.end.counts[b] = 0;
        }
        for (int32_t r = 0; r < INKLING_FINE; r++) {
            inkling_cell_row(ink, r, 0, inkling_memory.normalizing.cells[2]);
            inkling_blurred_row(ink, r + INKLING_REACH);
            for (int32_t c = 0; c < INKLING_FINE; c++) {
                const float depth = inkling_memory.normalizing.drawn[c + INKLING_REACH];
                if (inkling_memory.normalizing.cells[2][c] > least) {
                    const float bin = (depth - low) / width * INKLING_BINS;
                    if (pass == 3) {
                        above = depth >= low + width && depth < above ? depth : above;
                    } else if (bin >= 0 && bin < INKLING_BINS) {
                        inkling_memory.normalizing.end.counts[(int32_t)bin]++;
                    }
                }
            }
        }
        if (pass == 0) {
            for (int32_t b = 0; b < INKLING_BINS; b++) {
                left += inkling_memory.normalizing.end.counts[b];
            }
            rank = (left - 1) / 2;
        }
        if (pass < 3) {
            int32_t b = 0;
            while (b < INKLING_BINS - 1 && rank >= inkling_memory.normalizing.end.counts[b]) {
                rank -= inkling_memory.normalizing.end.counts[b++];
            }
            width /= INKLING_BINS;
            low += width * (float)b;
            above = highest;
            if (pass == 2) {
                /* Whether the number above the middle is that of the middle, too. */
                rank = left % 2 || rank + 1 < inkling_memory.normalizing.end.counts[b];
            }
        }
    }
    return rank ? low + width / 2 : (low + width / 2 + above) / 2;
}

/* The digit, into the 20 by 20 numbers, drawn anew by the pen: as deep as the middle depth, or less at its edges. */
static void inkling_box_drawn(const inkling_ink *ink, float middle)
{
    int32_t top = INKLING_DRAWN, bottom = 0, left = INKLING_DRAWN, right = 0;
    for (int32_t r = 0; r < INKLING_DRAWN; r++) {
        inkling_blurred_row(ink, r);
        for (int32_t c = 0; c < INKLING_DRAWN; c++) {
            if (inkling_memory.normalizing.drawn[c] > INKLING_FAINTEST * middle) {
                top = r < top ? r : top;
                bottom = r + 1;
                left = c < left ? c : left;
                right = c + 1 > right ? c + 1 : right;
            }
        }
    }
    const int32_t height = bottom - top, width = right - left;
    const float scale = (float)INKLING_FINE / (float)(height > width ? height : width);
    const int32_t above = inkling_margin(height, scale, INKLING_FINE, 4);
    const int32_t before = inkling_margin(width, scale, INKLING_FINE, 4);
    for (int32_t r = top; r < bottom; r++) {
        float across[INKLING_BOX] = {0};
        inkling_blurred_row(ink, r);
        for (int32_t c = left; c < right; c++) {
            const float depth = inkling_memory.normalizing.drawn[c] / middle;
            for (int32_t b = 0; b < INKLING_BOX && depth > INKLING_FAINTEST; b++) {
                across[b] += (depth < 1 ? depth : 1) * inkling_share(c - left, scale, before, (float)(4 * b), 4);
            }
        }
        for (int32_t b = 0; b < INKLING_BOX; b++) {
            const float share = inkling_share(r - top, scale, above, (float)(4 * b), 4);
            for (int32_t c = 0; c < INKLING_BOX && share > 0; c++) {
                inkling_memory.normalizing.end.small[b][c] += share * across[c];
            }
        }
    }
}
