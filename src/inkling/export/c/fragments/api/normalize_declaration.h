
#ifndef INKLING_NO_NORMALIZE
/* Bring a digit of any place and thickness in 28 by 28 grey pixels, dark on bright or bright on dark, to the form that the
 * network learnt from. grey and image may be the same memory. Without it, digits that are not centred, or thin, or dark on
 * bright, are read badly. Define INKLING_NO_NORMALIZE to leave it out. */
void inkling_normalize(const uint8_t grey[INKLING_HEIGHT * INKLING_WIDTH], uint8_t image[INKLING_HEIGHT * INKLING_WIDTH]);
#endif
