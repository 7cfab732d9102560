int inkling_predict_open_set(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float probabilities[INKLING_LOGITS])
{
    float logits[INKLING_LOGITS];
    inkling_logits(image, logits);
    return inkling_softmax(logits, INKLING_LOGITS, probabilities);
}
