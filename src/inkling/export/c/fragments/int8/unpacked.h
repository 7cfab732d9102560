/* Weight number i of a packed array, in which each takes so many bits, 2 to 7, and is stored 2^(bits - 1) too large. */
static inline int32_t inkling_unpacked(const uint8_t *packed, int32_t i, int32_t bits)
{
    const int32_t at = i * bits;
    const uint32_t two_bytes = packed[at >> 3] | (uint32_t)packed[(at >> 3) + 1] << 8;
    return (int32_t)(two_bytes >> (at & 7) & ((1u << bits) - 1)) - (1 << (bits - 1));
}
