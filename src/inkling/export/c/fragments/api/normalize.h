/* The digit, into the 20 by 20 numbers, as it is. */
static void inkling_box_ink(const inkling_ink *ink)
{
    for (int32_t r = 0; r < INKLING_FINE; r++) {
        inkling_cell_row(ink, r, 0, inkling_memory.normalizing.cells[0]);
        for (int32_t c = 0; c < INKLING_FINE; c++) {
            inkling_memory.normalizing.end.small[r / 4][c / 4] += inkling_memory.normalizing.cells[0][c];
        }
    }
}

/* The digit as bytes, its deepest ink 255, where its centre of mass is pixel (14, 14). */
static void inkling_place(uint8_t *image)
{
    float deepest = 0;
    int32_t total = 0, down = 0, across = 0;
    for (int32_t i = 0; i < INKLING_BOX * INKLING_BOX; i++) {
        const float depth = inkling_memory.normalizing.end.small[i / INKLING_BOX][i % INKLING_BOX];
        deepest = depth > deepest ? depth : deepest;
    }
    for (int32_t r = 0; r < INKLING_BOX; r++) {
        for (int32_t c = 0; c < INKLING_BOX; c++) {
            const float level = floorf(inkling_memory.normalizing.end.small[r][c] * (255 / deepest) + 0.5f);
            inkling_memory.normalizing.end.small[r][c] = level;
            total += (int32_t)level;
            down += (int32_t)level * r;
            across += (int32_t)level * c;
        }
    }
    int32_t top = (29 * total - 2 * down) / (2 * total), left = (29 * total - 2 * across) / (2 * total);
    top = top < 0 ? 0 : top > 8 ? 8 : top;
    left = left < 0 ? 0 : left > 8 ? 8 : left;
    for (int32_t r = 0; r < INKLING_BOX; r++) {
        for (int32_t c = 0; c < INKLING_BOX; c++) {
            image[(top + r) * 28 + left + c] = (uint8_t)inkling_memory.normalizing.end.small[r][c];
        }
    }
}

void inkling_normalize(const uint8_t grey[INKLING_HEIGHT * INKLING_WIDTH], uint8_t image[INKLING_HEIGHT * INKLING_WIDTH])
{
    inkling_ink ink;
    float deepest;
    const int is_ink = inkling_find_ink(grey, &ink);
    if (is_ink) {
        const int is_thin = inkling_stroke_width(&ink, &deepest) < INKLING_THINNEST;
        const float highest = 49.7f * 49.7f * deepest; /* 49.6 is the sum of the pen's weights */
        const float middle = is_thin ? inkling_middle_depth(&ink, INKLING_STROKE_DEPTH * deepest, highest) : 0;
        for (int32_t i = 0; i < INKLING_BOX * INKLING_BOX; i++) {
            inkling_memory.normalizing.end.small[i / INKLING_BOX][i % INKLING_BOX] = 0;
        }
        if (is_thin) {
            inkling_box_drawn(&ink, middle);
        } else {
            inkling_box_ink(&ink);
        }
    }
    for (int32_t i = 0; i < 28 * 28; i++) {
        image[i] = 0;
    }
    if (is_ink) {
        inkling_place(image);
    }
}
