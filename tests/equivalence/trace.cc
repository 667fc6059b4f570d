#include "tests/equivalence/trace.h"

#include <bit>

namespace nyx::trace {

namespace {

constexpr std::uint8_t kWidth = 0x0F, kWrite = 0x10, kMemory = 0x20;

void put(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
    out.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t zigzag(std::uint64_t difference) {
    return difference << 1 ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0);
}
std::uint64_t back(std::uint64_t coded) {
    return coded >> 1 ^ ((coded & 1) != 0 ? ~std::uint64_t{0} : 0);
}

struct Reader {
    ByteView bytes;
    std::size_t at = 0;
    bool damaged = false;

    std::uint8_t byte() {
        if (at == bytes.size()) damaged = true;
        return damaged ? std::uint8_t{0} : bytes[at++];
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t next = byte();
            value |= std::uint64_t{next & 0x7Fu} << shift;
            if ((next & 0x80) == 0) return value;
        }
        damaged = true;
        return value;
    }
};

}  // namespace

Bytes encode(const std::vector<Access>& accesses) {
    Bytes out;
    std::uint64_t before = 0;
    for (const Access& one : accesses) {
        const bool is_memory = one.space == dev::Space::kMmio;
        out.push_back(static_cast<std::uint8_t>(one.width | (one.is_write ? kWrite : 0) | (is_memory ? kMemory : 0)));
        put(out, zigzag(one.address - before));
        before = one.address;
        if (one.is_write) put(out, one.value);
    }
    return out;
}

Result<std::vector<Access>> decode(ByteView bytes) {
    Reader reader{bytes};
    std::vector<Access> all;
    std::uint64_t address = 0;
    while (reader.at < bytes.size() && !reader.damaged) {
        const std::uint8_t head = reader.byte();
        Access one;
        one.space = (head & kMemory) != 0 ? dev::Space::kMmio : dev::Space::kPio;
        one.is_write = (head & kWrite) != 0;
        one.width = head & kWidth;
        address += back(reader.number());
        one.address = address;
        if (one.is_write) one.value = reader.number();
        if (one.width > 8 || !std::has_single_bit(one.width)) reader.damaged = true;
        all.push_back(one);
    }
    if (reader.damaged) return fail(ErrorCode::kCorrupt, "it is no trace of accesses");
    return all;
}

}  // namespace nyx::trace
