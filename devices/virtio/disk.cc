#include "devices/virtio/disk.h"

#include <algorithm>

#include "runtime/base/bytes.h"

namespace nyx::dev::virtio {
namespace {

constexpr std::uint64_t kSector = 512;  // §5.2.4: whatever the block size is
constexpr std::uint16_t kQueueSizes[] = {256};

// §5.2.3
constexpr std::uint64_t kFSegMax = 1 << 2, kFReadOnly = 1 << 5, kFBlockSize = 1 << 6, kFFlush = 1 << 9,
                        kFTopology = 1 << 10, kFDiscard = 1 << 13, kFWriteZeroes = 1 << 14;
// §5.2.6
enum RequestType : std::uint32_t { kIn = 0, kOut = 1, kFlush = 4, kGetId = 8, kDiscard = 11, kWriteZeroes = 13 };
constexpr std::uint8_t kOk = 0, kIoError = 1, kUnsupported = 2;
constexpr std::size_t kHeader = 16;
constexpr std::size_t kSegment = 16;
constexpr std::size_t kIdSize = 20;
constexpr std::uint32_t kUnmap = 1;
// One segment a request, which may be a whole gibibyte: 2 Mi sectors.
constexpr std::uint32_t kMaxEraseSectors = 1 << 21;

// §5.2.4
constexpr std::uint32_t kCapacityAt = 0, kSegMaxAt = 12, kBlockSizeAt = 20, kMaxDiscardSectorsAt = 36,
                        kMaxDiscardSegAt = 40, kDiscardAlignmentAt = 44, kMaxZeroesSectorsAt = 48, kMaxZeroesSegAt = 52,
                        kZeroesMayUnmapAt = 56;
constexpr ConfigField kFields[] = {
    {"capacity", kCapacityAt, 8},
    {"seg_max", kSegMaxAt, 4},
    {"blk_size", kBlockSizeAt, 4},
    {"physical_block_exp", 24, 1},
    {"alignment_offset", 25, 1},
    {"min_io_size", 26, 2},
    {"opt_io_size", 28, 4},
    {"max_discard_sectors", kMaxDiscardSectorsAt, 4},
    {"max_discard_seg", kMaxDiscardSegAt, 4},
    {"discard_sector_alignment", kDiscardAlignmentAt, 4},
    {"max_write_zeroes_sectors", kMaxZeroesSectorsAt, 4},
    {"max_write_zeroes_seg", kMaxZeroesSegAt, 4},
    {"write_zeroes_may_unmap", kZeroesMayUnmapAt, 1},
};

}  // namespace

Disk::Disk(const Config& config, BlockStore* store, HostEvents* events)
    : read_only_(config.read_only || (store != nullptr && store->read_only())),
      sectors_(store != nullptr ? store->size() / config.block_size * (config.block_size / kSector) : 0),
      serial_(config.serial),
      store_(store) {
    std::uint8_t* space = config_space_.data();
    store_le<std::uint64_t>(space + kCapacityAt, sectors_);
    // A request has a header and a status beside its segments.
    store_le<std::uint32_t>(space + kSegMaxAt, kQueueSizes[0] - 2);
    store_le<std::uint32_t>(space + kBlockSizeAt, config.block_size);
    store_le<std::uint32_t>(space + kMaxDiscardSectorsAt, kMaxEraseSectors);
    store_le<std::uint32_t>(space + kMaxDiscardSegAt, 1);
    store_le<std::uint32_t>(space + kDiscardAlignmentAt, 4096 / kSector);
    store_le<std::uint32_t>(space + kMaxZeroesSectorsAt, kMaxEraseSectors);
    store_le<std::uint32_t>(space + kMaxZeroesSegAt, 1);
    space[kZeroesMayUnmapAt] = 1;
    if (store_ == nullptr || store_->fd() < 0 || events == nullptr) return;
    watch_ = events->watch(store_->fd(), [this] {
        store_->poll();
        transport().signal(0);
    });
}

// The buffers of what is under way are the guest's memory, which goes after us.
Disk::~Disk() {
    Disk::stop();
}

std::uint64_t Disk::features() const {
    const std::uint64_t always = kFSegMax | kFBlockSize | kFFlush | kFTopology;
    return always | (read_only_ ? kFReadOnly : kFDiscard | kFWriteZeroes);
}

std::span<const std::uint16_t> Disk::queue_sizes() const {
    return kQueueSizes;
}

std::span<const ConfigField> Disk::config_fields() const {
    return kFields;
}

void Disk::notified(std::uint16_t) {
    while (std::optional<Chain> chain = transport().take(0)) serve(std::move(*chain));
    transport().signal(0);
}

void Disk::settle() {
    if (store_ == nullptr) return;
    store_->drain();
    if (!stopping_) transport().signal(0);
}

void Disk::stop() {
    stopping_ = true;
    settle();
    stopping_ = false;
}

// §5.2.6: header, data, and a status byte that the device writes last.
void Disk::serve(Chain chain) {
    std::array<std::uint8_t, kHeader> header;
    const std::uint64_t writable = size_of(chain.writable);
    if (copy_out(chain.readable, header) != header.size() || writable == 0)
        return transport().needs_reset("a disk request without header or status");
    const auto type = load_le<std::uint32_t>(header.data());
    const auto sector = load_le<std::uint64_t>(&header[8]);
    Pieces out = chain.readable;
    split_front(out, kHeader);
    Pieces in = chain.writable;
    in = split_front(in, writable - 1);
    switch (type) {
        case kIn:
            return transfer(std::move(chain), BlockRequest::Kind::kRead, sector, std::move(in));
        case kOut:
            return transfer(std::move(chain), BlockRequest::Kind::kWrite, sector, std::move(out));
        case kFlush:
            return flush(std::move(chain));
        case kGetId:
            return get_id(chain, std::move(in));
        case kDiscard:
            return erase(std::move(chain), BlockRequest::Kind::kDiscard, out);
        case kWriteZeroes:
            return erase(std::move(chain), BlockRequest::Kind::kWriteZeroes, out);
        default:
            return finish(chain, kUnsupported, 0);
    }
}

void Disk::finish(const Chain& chain, std::uint8_t status, std::uint32_t written) {
    const std::uint64_t last = size_of(chain.writable) - 1;
    copy_in(chain.writable, last, {&status, 1}, transport().dma());
    transport().give_back(0, chain, written + 1);
}

bool Disk::inside(std::uint64_t sector, std::uint64_t sectors) const {
    return sector <= sectors_ && sectors <= sectors_ - sector;
}

void Disk::transfer(Chain chain, BlockRequest::Kind kind, std::uint64_t sector, Pieces data) {
    const bool is_read = kind == BlockRequest::Kind::kRead;
    const std::uint64_t size = size_of(data);
    if (size % kSector != 0 || !inside(sector, size / kSector) || (!is_read && read_only_))
        return finish(chain, kIoError, 0);
    if (size == 0) return finish(chain, kOk, 0);
    BlockRequest request;
    request.kind = kind;
    request.offset = sector * kSector;
    request.size = size;
    for (const Piece& piece : data) request.buffers.push_back(piece.bytes);
    submit(std::move(request), std::move(chain), is_read ? static_cast<std::uint32_t>(size) : 0);
}

void Disk::flush(Chain chain) {
    if (store_ == nullptr || read_only_) return finish(chain, kOk, 0);
    BlockRequest request;
    request.kind = BlockRequest::Kind::kFlush;
    submit(std::move(request), std::move(chain), 0);
}

// §5.2.6.2: more segments than one, or flags that a command has not, are refused as a whole.
void Disk::erase(Chain chain, BlockRequest::Kind kind, const Pieces& data) {
    std::array<std::uint8_t, kSegment> segment;
    if (size_of(data) != kSegment || read_only_) return finish(chain, kIoError, 0);
    copy_out(data, segment);
    const auto sector = load_le<std::uint64_t>(segment.data());
    const auto sectors = load_le<std::uint32_t>(&segment[8]);
    const auto flags = load_le<std::uint32_t>(&segment[12]);
    const bool is_discard = kind == BlockRequest::Kind::kDiscard;
    if ((flags & ~(is_discard ? 0 : kUnmap)) != 0) return finish(chain, kUnsupported, 0);
    if (sectors > kMaxEraseSectors || !inside(sector, sectors)) return finish(chain, kIoError, 0);
    if (sectors == 0) return finish(chain, kOk, 0);
    BlockRequest request;
    request.kind = kind;
    request.offset = sector * kSector;
    request.size = sectors * kSector;
    request.unmap = (flags & kUnmap) != 0;
    submit(std::move(request), std::move(chain), 0);
}

void Disk::get_id(const Chain& chain, Pieces data) {
    if (size_of(data) < kIdSize) return finish(chain, kIoError, 0);
    std::array<std::uint8_t, kIdSize> id{};
    std::copy_n(serial_.begin(), std::min(serial_.size(), id.size()), id.begin());
    copy_in(data, 0, id, transport().dma());
    finish(chain, kOk, kIdSize);
}

void Disk::submit(BlockRequest request, Chain chain, std::uint32_t written) {
    request.done = [this, chain = std::move(chain), written](int error) {
        if (stopping_) return;
        // Also what a failed read left there has changed.
        report_written(chain.writable, written, transport().dma());
        finish(chain, error == 0 ? kOk : kIoError, error == 0 ? written : 0);
    };
    store_->submit(std::move(request));
}

}  // namespace nyx::dev::virtio
