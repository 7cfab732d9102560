void inkling_logits(const uint8_t image[INKLING_HEIGHT * INKLING_WIDTH], float logits[INKLING_LOGITS])
{
    int32_t scores[INKLING_LOGITS];
    inkling_run(image, scores);
    for (int i = 0; i < INKLING_LOGITS; i++) {
        logits[i] = (float)scores[i] * inkling_score_scales[i];
    }
}
