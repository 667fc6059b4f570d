#include "devices/virtio/chain.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/check.h"

namespace nyx::dev::virtio {

std::uint64_t size_of(const Pieces& pieces) {
    std::uint64_t size = 0;
    for (const Piece& piece : pieces) size += piece.bytes.size();
    return size;
}

Pieces split_front(Pieces& pieces, std::uint64_t count) {
    Pieces front;
    auto whole = pieces.begin();
    for (; whole != pieces.end() && whole->bytes.size() <= count; ++whole) {
        count -= whole->bytes.size();
        front.push_back(*whole);
    }
    if (count > 0) {
        NYX_CHECK(whole != pieces.end(), "a chain is {} bytes short", count);
        front.push_back({whole->gpa, whole->bytes.first(count)});
        *whole = {whole->gpa + count, whole->bytes.subspan(count)};
    }
    pieces.erase(pieces.begin(), whole);
    return front;
}

std::size_t copy_out(const Pieces& from, std::span<std::uint8_t> to) {
    std::size_t done = 0;
    for (const Piece& piece : from) {
        std::size_t part = std::min(piece.bytes.size(), to.size() - done);
        if (part == 0) continue;
        std::memcpy(to.data() + done, piece.bytes.data(), part);
        done += part;
    }
    return done;
}

std::size_t copy_in(const Pieces& to, std::uint64_t skip, std::span<const std::uint8_t> from, const GuestDma& dma) {
    std::size_t done = 0;
    for (const Piece& piece : to) {
        std::uint64_t at = std::min<std::uint64_t>(skip, piece.bytes.size());
        skip -= at;
        std::size_t part = std::min(piece.bytes.size() - at, from.size() - done);
        if (part == 0) continue;
        std::memcpy(piece.bytes.data() + at, from.data() + done, part);
        dma.wrote({piece.gpa + at, part});
        done += part;
    }
    return done;
}

void report_written(const Pieces& pieces, std::uint64_t count, const GuestDma& dma) {
    for (const Piece& piece : pieces) {
        std::uint64_t part = std::min<std::uint64_t>(piece.bytes.size(), count);
        dma.wrote({piece.gpa, part});
        count -= part;
    }
}

}  // namespace nyx::dev::virtio
