#define INKLING_HEIGHT @HEIGHT@
#define INKLING_WIDTH @WIDTH@
#define INKLING_CLASSES @CLASSES@
#define INKLING_LOGITS @LOGITS@

/* The name of each class@NAMES_TOO@. */
extern const char *const inkling_class_names[INKLING_LOGITS];

/* The most probable class of an image. The image is bytes, row by row, bright ink (255) on a dark ground (0), in the form
 * that the network learnt from. probabilities, INKLING_CLASSES numbers
 * whose sum is 1, may be NULL. This function, and those below, work in one static buffer: do
 * not call them from an interrupt or from a second thread meanwhile. */
int inkling_predict(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float probabilities[INKLING_CLASSES]);

/* The logits, divided by the temperature: probabilities are their softmax. */
void inkling_logits(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float logits[INKLING_LOGITS]);
