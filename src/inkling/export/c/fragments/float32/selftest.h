int inkling_selftest(void)
{
    float logits[INKLING_LOGITS];
    for (int n = 0; n < INKLING_TEST_VECTORS; n++) {
        inkling_logits(inkling_test_images[n], logits);
        for (int i = 0; i < INKLING_LOGITS; i++) {
            const float expected = inkling_test_logits[n][i];
            const float tolerance = 1e-3f * (1 + (expected < 0 ? -expected : expected));
            if (!(logits[i] > expected - tolerance && logits[i] < expected + tolerance)) {
                return n + 1;
            }
        }
    }
    return 0;
}
