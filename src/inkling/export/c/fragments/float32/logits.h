void inkling_logits(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float logits[INKLING_LOGITS])
{
    inkling_run(image, logits);
    for (int i = 0; i < INKLING_LOGITS; i++) {
        logits[i] /= INKLING_TEMPERATURE;
    }
}
