#include <limits.h>
#include <stdint.h>

#if INT_MAX < 2147483647
#error "this header needs an int of 32 bits or more"
#endif

#ifdef __cplusplus
extern "C" {
#endif
