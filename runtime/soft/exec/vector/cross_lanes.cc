// AVX and AVX2: what crosses the middle of a register, broadcasts, and shifts by a count per lane.
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {
namespace {

using u8 = std::uint8_t;

template <class T>
using Whole = std::array<T, 32 / sizeof(T)>;
template <class T>
Whole<T> whole(const u8* at) {
    Whole<T> out;
    std::memcpy(out.data(), at, 32);
    return out;
}
template <class T>
void put_whole(u8* at, const Whole<T>& from) {
    std::memcpy(at, from.data(), 32);
}

// VPERM2F128: two bits for each half of the result choose one of the four halves of a and b; bit 3 clears it.
void permute_halves(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    std::array<u8, 32> to{};
    for (std::size_t half = 0; half < 2; ++half) {
        std::uint64_t control = extra >> (4 * half);
        if ((control & 8) == 0)
            std::memcpy(to.data() + 16 * half, ((control & 2) != 0 ? b : a) + 16 * (control & 1), 16);
    }
    std::memcpy(dst, to.data(), 32);
}
// VPERMD, VPERMPS: a has the numbers.
void permute_dwords(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    auto number = whole<std::uint32_t>(a), from = whole<std::uint32_t>(b);
    Whole<std::uint32_t> to;
    for (unsigned i = 0; i < 8; ++i) to[i] = from[number[i] % 8];
    put_whole(dst, to);
}
void permute_qwords(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    auto from = whole<std::uint64_t>(b);
    Whole<std::uint64_t> to;
    for (unsigned i = 0; i < 4; ++i) to[i] = from[(extra >> (2 * i)) & 3];
    put_whole(dst, to);
}
// VPERMILPS and VPERMILPD: numbers in b or, where the immediate has them, in `extra` (the lowering chooses).
void permute_singles(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    Lanes<std::uint32_t> from(a), number(b), to;
    for (unsigned i = 0; i < 4; ++i) to[i] = from[number[i] % 4];
    to.store(dst);
}
void permute_doubles(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    Lanes<std::uint64_t> from(a), number(b), to;
    for (unsigned i = 0; i < 2; ++i) to[i] = from[(number[i] >> 1) % 2];
    to.store(dst);
}
void permute_singles_by_immediate(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<std::uint32_t> from(b), to;
    for (unsigned i = 0; i < 4; ++i) to[i] = from[(extra >> (2 * i)) & 3];
    to.store(dst);
}
void permute_doubles_by_immediate(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<std::uint64_t> from(b), to;
    for (unsigned i = 0; i < 2; ++i) to[i] = from[(extra >> i) & 1];
    to.store(dst);
}

void insert_half(u8* dst, const u8* a, const u8* b, std::uint64_t extra) {
    std::array<u8, 32> to;
    std::memcpy(to.data(), a, 32);
    std::memcpy(to.data() + 16 * (extra & 1), b, 16);
    std::memcpy(dst, to.data(), 32);
}
void extract_half(u8* dst, const u8*, const u8* b, std::uint64_t extra) {
    Lanes<u8>(b + 16 * (extra & 1)).store(dst);
}

template <class T>
void broadcast(u8* dst, const u8*, const u8* b, std::uint64_t) {
    Lanes<T> to;
    T value;
    std::memcpy(&value, b, sizeof(T));
    to.lanes.fill(value);
    to.store(dst);
}
void broadcast_half(u8* dst, const u8*, const u8* b, std::uint64_t) {
    Lanes<u8>(b).store(dst);
}

// Counts of the width and more give 0, or copies of the sign.
template <class T>
void shift_left(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    Lanes<T> x(a), count(b), to;
    for (unsigned i = 0; i < x.kCount; ++i) to[i] = count[i] < sizeof(T) * 8 ? x[i] << count[i] : 0;
    to.store(dst);
}
template <class T>
void shift_right(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    Lanes<T> x(a), count(b), to;
    for (unsigned i = 0; i < x.kCount; ++i) to[i] = count[i] < sizeof(T) * 8 ? x[i] >> count[i] : 0;
    to.store(dst);
}
void shift_right_signed(u8* dst, const u8* a, const u8* b, std::uint64_t) {
    Lanes<std::int32_t> x(a), to;
    Lanes<std::uint32_t> count(b);
    for (unsigned i = 0; i < 4; ++i) to[i] = x[i] >> (count[i] < 32 ? count[i] : 31);
    to.store(dst);
}

#define NYX_VEX(NAME) .vex = ZYDIS_MNEMONIC_##NAME

constexpr VectorLine kLines[] = {
    {NYX_VEX(VPERM2F128), .whole = &permute_halves},
    {NYX_VEX(VPERM2I128), .whole = &permute_halves},
    {NYX_VEX(VPERMD), .whole = &permute_dwords},
    {NYX_VEX(VPERMPS), .whole = &permute_dwords},
    {NYX_VEX(VPERMQ), .whole = &permute_qwords},
    {NYX_VEX(VPERMPD), .whole = &permute_qwords},
    {NYX_VEX(VPERMILPS), .kernel = &permute_singles, .by_immediate = &permute_singles_by_immediate},
    {NYX_VEX(VPERMILPD), .kernel = &permute_doubles, .halves = {.shift = 2},
     .by_immediate = &permute_doubles_by_immediate},
    {NYX_VEX(VINSERTF128), .whole = &insert_half},
    {NYX_VEX(VINSERTI128), .whole = &insert_half},
    {NYX_VEX(VEXTRACTF128), .whole = &extract_half},
    {NYX_VEX(VEXTRACTI128), .whole = &extract_half},
    {NYX_VEX(VBROADCASTSS), .kernel = &broadcast<std::uint32_t>, .halves = {.step = 0}},
    {NYX_VEX(VBROADCASTSD), .kernel = &broadcast<std::uint64_t>, .halves = {.step = 0}},
    {NYX_VEX(VBROADCASTF128), .kernel = &broadcast_half, .halves = {.step = 0}},
    {NYX_VEX(VBROADCASTI128), .kernel = &broadcast_half, .halves = {.step = 0}},
    {NYX_VEX(VPBROADCASTB), .kernel = &broadcast<std::uint8_t>, .halves = {.step = 0}},
    {NYX_VEX(VPBROADCASTW), .kernel = &broadcast<std::uint16_t>, .halves = {.step = 0}},
    {NYX_VEX(VPBROADCASTD), .kernel = &broadcast<std::uint32_t>, .halves = {.step = 0}},
    {NYX_VEX(VPBROADCASTQ), .kernel = &broadcast<std::uint64_t>, .halves = {.step = 0}},
    {NYX_VEX(VPSLLVD), .kernel = &shift_left<std::uint32_t>},
    {NYX_VEX(VPSLLVQ), .kernel = &shift_left<std::uint64_t>},
    {NYX_VEX(VPSRLVD), .kernel = &shift_right<std::uint32_t>},
    {NYX_VEX(VPSRLVQ), .kernel = &shift_right<std::uint64_t>},
    {NYX_VEX(VPSRAVD), .kernel = &shift_right_signed},
};

}  // namespace

std::span<const VectorLine> cross_lane_lines() {
    return kLines;
}

}  // namespace nyx::soft
