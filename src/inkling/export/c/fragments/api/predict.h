/* Softmax of some logits into probabilities, unless NULL, and the place of the largest. */
static int inkling_softmax(const float *logits, int count, float *probabilities)
{
    int best = 0;
    float sum = 0;
    for (int i = 1; i < count; i++) {
        best = logits[i] > logits[best] ? i : best;
    }
    if (probabilities) {
        for (int i = 0; i < count; i++) {
            probabilities[i] = expf(logits[i] - logits[best]);
            sum += probabilities[i];
        }
        for (int i = 0; i < count; i++) {
            probabilities[i] /= sum;
        }
    }
    return best;
}

int inkling_predict(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float probabilities[INKLING_CLASSES])
{
    float logits[INKLING_LOGITS];
    inkling_logits(image, logits);
    return inkling_softmax(logits, INKLING_CLASSES, probabilities);
}
