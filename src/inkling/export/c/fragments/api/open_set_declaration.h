
/* As inkling_predict, with one more answer: INKLING_NOT_A_DIGIT, whose probability is the last. */
#define INKLING_NOT_A_DIGIT INKLING_CLASSES
int inkling_predict_open_set(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float probabilities[INKLING_LOGITS]);
