// Shuffles, blends, insertions and extractions by immediate, within 128 bits: SSE to SSE4.1, AVX.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

using u8 = std::uint8_t;

void shuffle_dwords(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<std::uint32_t> from(b), to;
    for (unsigned i = 0; i < 4; ++i) to[i] = from[(extra >> (2 * i)) & 3];
    to.store(dst);
}
template <unsigned kFirst>  // PSHUFLW: 0, PSHUFHW: 4
void shuffle_words(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<std::uint16_t> from(b), to(b);
    for (unsigned i = 0; i < 4; ++i) to[kFirst + i] = from[kFirst + ((extra >> (2 * i)) & 3)];
    to.store(dst);
}
void shuffle_words_mmx(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    std::array<std::uint16_t, 4> from, to;
    std::memcpy(from.data(), b, 8);
    for (unsigned i = 0; i < 4; ++i) to[i] = from[(extra >> (2 * i)) & 3];
    std::memcpy(dst, to.data(), 8);
}
void shuffle_singles(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    Lanes<std::uint32_t> x(a), y(b), to;
    for (unsigned i = 0; i < 4; ++i) to[i] = (i < 2 ? x : y)[(extra >> (2 * i)) & 3];
    to.store(dst);
}
void shuffle_doubles(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    Lanes<std::uint64_t> x(a), y(b), to;
    to[0] = x[extra & 1];
    to[1] = y[(extra >> 1) & 1];
    to.store(dst);
}
template <class T>
void blend(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    Lanes<T> x(a), y(b);
    for (unsigned i = 0; i < x.kCount; ++i)
        if (((extra >> i) & 1) != 0) x[i] = y[i];
    x.store(dst);
}

// kSize bytes from byte `extra` on of a above b, with zeros above that.
template <std::size_t kSize>
void align_right(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    std::array<u8, 2 * kSize> both;
    std::memcpy(both.data(), b, kSize);
    std::memcpy(both.data() + kSize, a, kSize);
    for (unsigned i = 0; i < kSize; ++i) dst[i] = extra + i < both.size() ? both[extra + i] : u8{0};
}
void shift_bytes_right(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<u8> from(b), to;
    for (std::size_t i = extra; i < 16; ++i) to[i - extra] = from[i];
    to.store(dst);
}
void shift_bytes_left(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<u8> from(b), to;
    for (std::size_t i = extra; i < 16; ++i) to[i] = from[i - extra];
    to.store(dst);
}

// Of MMX registers, which have 8 bytes, too.
template <class T, std::size_t kBytes = 16>
void insert(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    std::array<T, kBytes / sizeof(T)> to;
    std::memcpy(to.data(), a, kBytes);
    std::memcpy(&to[extra % to.size()], b, sizeof(T));
    std::memcpy(dst, to.data(), kBytes);
}
template <class T, std::size_t kBytes = 16>
void extract(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    std::array<T, kBytes / sizeof(T)> from;
    std::memcpy(from.data(), b, kBytes);
    std::uint64_t value = from[extra % from.size()];
    std::memcpy(dst, &value, sizeof(value));
}

// INSERTPS: bits 7 and 6 choose the lane of b, 5 and 4 the lane of a, 3 to 0 clear lanes. In memory b has one lane; the
// lowering clears bits 7 and 6 then.
void insert_single(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    Lanes<std::uint32_t> to(a);
    std::uint32_t value;
    std::memcpy(&value, b + 4 * ((extra >> 6) & 3), sizeof(value));
    to[(extra >> 4) & 3] = value;
    for (unsigned i = 0; i < 4; ++i)
        if (((extra >> i) & 1) != 0) to[i] = 0;
    to.store(dst);
}

// MPSADBW: eight sums of four absolute differences; bit 2 chooses where in a, bits 1 and 0 which four bytes of b.
void sum_differences(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    Lanes<u8> x(a), y(b);
    Lanes<std::uint16_t> to;
    const std::size_t in_a = (extra & 4), in_b = (extra & 3) * 4;
    for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            int difference = int{x[in_a + i + j]} - int{y[in_b + j]};
            to[i] = static_cast<std::uint16_t>(to[i] + (difference < 0 ? -difference : difference));
        }
    to.store(dst);
}

#define NYX_BOTH(NAME) .legacy = ZYDIS_MNEMONIC_##NAME, .vex = ZYDIS_MNEMONIC_V##NAME

constexpr VectorLine kLines[] = {
    {NYX_BOTH(PSHUFD), .kernel = &shuffle_dwords},
    {NYX_BOTH(PSHUFLW), .kernel = &shuffle_words<0>},
    {NYX_BOTH(PSHUFHW), .kernel = &shuffle_words<4>},
    {.legacy = ZYDIS_MNEMONIC_PSHUFW, .mmx = &shuffle_words_mmx},
    {NYX_BOTH(SHUFPS), .kernel = &shuffle_singles},
    {NYX_BOTH(SHUFPD), .kernel = &shuffle_doubles, .halves = {.shift = 2}},
    {NYX_BOTH(BLENDPS), .kernel = &blend<std::uint32_t>, .halves = {.shift = 4}},
    {NYX_BOTH(BLENDPD), .kernel = &blend<std::uint64_t>, .halves = {.shift = 2}},
    {NYX_BOTH(PBLENDW), .kernel = &blend<std::uint16_t>},
    {.vex = ZYDIS_MNEMONIC_VPBLENDD, .kernel = &blend<std::uint32_t>, .halves = {.shift = 4}},
    {NYX_BOTH(PALIGNR), .kernel = &align_right<16>, .mmx = &align_right<8>},
    {NYX_BOTH(PSRLDQ), .kernel = &shift_bytes_right},
    {NYX_BOTH(PSLLDQ), .kernel = &shift_bytes_left},
    {NYX_BOTH(PINSRB), .kernel = &insert<std::uint8_t>},
    {NYX_BOTH(PINSRW), .kernel = &insert<std::uint16_t>, .mmx = &insert<std::uint16_t, 8>},
    {NYX_BOTH(PINSRD), .kernel = &insert<std::uint32_t>},
    {NYX_BOTH(PINSRQ), .kernel = &insert<std::uint64_t>},
    {NYX_BOTH(PEXTRB), .kernel = &extract<std::uint8_t>},
    {NYX_BOTH(PEXTRW), .kernel = &extract<std::uint16_t>, .mmx = &extract<std::uint16_t, 8>},
    {NYX_BOTH(PEXTRD), .kernel = &extract<std::uint32_t>},
    {NYX_BOTH(PEXTRQ), .kernel = &extract<std::uint64_t>},
    {NYX_BOTH(EXTRACTPS), .kernel = &extract<std::uint32_t>},
    {NYX_BOTH(INSERTPS), .kernel = &insert_single},
    {NYX_BOTH(MPSADBW), .kernel = &sum_differences, .halves = {.shift = 3}},
};

}  // namespace

std::span<const VectorLine> shuffle_lines() {
    return kLines;
}

}  // namespace nyx::soft
