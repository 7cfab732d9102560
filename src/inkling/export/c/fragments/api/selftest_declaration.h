
#ifdef INKLING_SELFTEST
/* 0 where this device computes what Python computed for the test images of this header; otherwise the number, from 1, of the
 * first one that differs. Define INKLING_SELFTEST to have it: the images take @SELFTEST_BYTES@ bytes of flash. */
int inkling_selftest(void);
#endif
