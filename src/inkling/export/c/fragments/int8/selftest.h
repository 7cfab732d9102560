int inkling_selftest(void)
{
    int32_t scores[INKLING_LOGITS];
    for (int n = 0; n < INKLING_TEST_VECTORS; n++) {
        inkling_run(inkling_test_images[n], scores);
        for (int i = 0; i < INKLING_LOGITS; i++) {
            if (scores[i] != inkling_test_scores[n][i]) {
                return n + 1;
            }
        }
    }
    return 0;
}
