static float inkling_depth(const inkling_ink *ink, int32_t row, int32_t column)
{
    const int32_t level = ink->grey[(ink->top + row) * 28 + ink->left + column];
    const int32_t depth = ink->dark ? ink->ground - level : level - ink->ground;
    return depth < ink->least ? 0 : (float)depth;
}

/* The median of the border, or that of its distances from `from`. */
static int32_t inkling_border_median(const uint8_t *grey, int32_t from)
{
    for (int32_t level = 0; level < 255; level++) {
        int32_t count = 0;
        for (int32_t i = 0; i < 28; i++) {
            const int32_t border[4] = {grey[i], grey[27 * 28 + i], grey[28 * i], grey[28 * i + 27]};
            for (int32_t k = 0; k < 4; k++) {
                const int32_t distance = border[k] < from ? from - border[k] : border[k] - from;
                count += distance <= level;
            }
        }
        if (2 * count >= 4 * 28) {
            return level;
        }
    }
    return 255;
}

/* Ground, direction and box of the ink; 0 where there is none. Ink is at least 8 % as deep as the deepest, and four standard
 * deviations of the border's noise (6 median deviations). */
static int inkling_find_ink(const uint8_t *grey, inkling_ink *ink)
{
    int32_t sum = 0, deepest = 0, bottom = -1, right = -1;
    ink->grey = grey;
    ink->ground = inkling_border_median(grey, 0);
    for (int32_t i = 0; i < 28 * 28; i++) {
        sum += grey[i];
    }
    ink->dark = sum < ink->ground * 28 * 28;
    for (int32_t i = 0; i < 28 * 28; i++) {
        const int32_t depth = ink->dark ? ink->ground - grey[i] : grey[i] - ink->ground;
        deepest = depth > deepest ? depth : deepest;
    }
    const int32_t noise = 6 * inkling_border_median(grey, ink->ground);
    ink->least = (int32_t)ceilf(INKLING_SOFT_EDGE * (float)deepest);
    ink->least = ink->least < noise ? noise : ink->least;
    ink->top = ink->left = 0;
    if (deepest < INKLING_LEAST_RANGE || deepest < ink->least) {
        return 0;
    }
    int32_t top = 28, left = 28;
    for (int32_t r = 0; r < 28; r++) {
        for (int32_t c = 0; c < 28; c++) {
            if (inkling_depth(ink, r, c) > 0) {
                top = r < top ? r : top;
                left = c < left ? c : left;
                bottom = r;
                right = c > right ? c : right;
            }
        }
    }
    ink->top = top;
    ink->left = left;
    ink->rows = bottom - top + 1;
    ink->columns = right - left + 1;
    const int32_t side = ink->rows > ink->columns ? ink->rows : ink->columns;
    ink->times = side < INKLING_BOX ? (INKLING_FINE + side - 1) / side : 1;
    ink->scale = (float)INKLING_FINE / (float)(side * ink->times);
    return 1;
}
