/* How sums become bytes: the bytes that are read stand for numbers that are 0 at in_zero, and those that are written at
 * out_zero; a sum is multiplied by multiplier / 2^shift, one multiplier for each output channel. */
typedef struct {
    const int32_t *multipliers;
    int32_t shift, in_zero, out_zero;
} inkling_scale;

/* The product over 2^shift, rounded to the nearest whole number, halves upwards, and kept within a byte. */
static inline uint8_t inkling_requantized(int64_t product, const inkling_scale *scale, int relu)
{
    const int64_t raised = product + ((int64_t)1 << (scale->shift - 1));
    const int64_t rounded = raised < 0 ? ~(~raised >> scale->shift) : raised >> scale->shift; /* downwards in any C */
    const int64_t byte = rounded + scale->out_zero, lowest = relu ? scale->out_zero : 0;
    return (uint8_t)(byte < lowest ? lowest : byte > 255 ? 255 : byte);
}
