/* Normalisation, as MNIST's digits were made: the box of the ink is brought to 20 by 20 pixels and placed so that its centre
 * of mass is pixel (14, 14). Strokes thinner than MNIST's are drawn anew, in a grid of four cells to a pixel.
 *
 * Nothing of the grid is stored but a row. The ink in a cell is a sum over rows and columns of pixels, and so is the ink
 * blurred by a pen; so each row of cells is made when it is needed, from the 28 by 28 bytes. */

#define INKLING_BOX 20             /* pixels; the longer side of every digit */
#define INKLING_FINE 80            /* cells of the grid in each direction */
#define INKLING_REACH 9            /* cells; half of the pen, and the margin of what it draws */
#define INKLING_DRAWN 98           /* cells that the pen can reach: INKLING_FINE + 2 * INKLING_REACH */
#define INKLING_BINS 128           /* of a histogram */

#define INKLING_PEN 7.04f          /* cells; a stroke that is drawn anew becomes 8.8 cells, 2.2 pixels, wide */
#define INKLING_THINNEST 5.6f      /* cells; 1.4 pixels */
#define INKLING_STROKE_DEPTH 0.3f  /* of the deepest ink: the middle depth of strokes is that of deeper cells */
#define INKLING_FAINTEST 0.1f      /* of the middle depth: fainter cells of a new stroke are left out */
#define INKLING_LEAST_RANGE 16     /* grey levels; less than this from the ground is no ink */
#define INKLING_SOFT_EDGE 0.08f    /* of the deepest ink: fainter pixels are ground */

/* The ink, and how its box lies in the grid. */
typedef struct {
    const uint8_t *grey;
    int32_t ground, least;           /* grey level of the ground; how far ink is from it at least */
    int32_t dark;                    /* 1 where ink is darker than its ground */
    int32_t top, left, rows, columns; /* the box of the ink in pixels */
    int32_t times;                   /* a small box is enlarged so many times before */
    float scale;                     /* cells per pixel of the enlarged box */
} inkling_ink;

/* What normalising works in. */
typedef struct {
    float pixels[INKLING_DRAWN];                 /* a row of the enlarged box */
    float across[INKLING_DRAWN];                 /* a weighted sum of such rows */
    float cells[3][INKLING_FINE];                /* rows of cells */
    float drawn[INKLING_DRAWN];                  /* a row of what the pen draws */
    union {
        uint16_t counts[INKLING_BINS];           /* a histogram of depths, before the digit is made */
        float small[INKLING_BOX][INKLING_BOX];   /* the digit */
    } end;
} inkling_normalizing;
