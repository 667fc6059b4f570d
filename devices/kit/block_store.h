// The host's side of a disk: bytes at offsets, read and written without waiting.
//
// A store belongs to one device and is called with its lock held. done() of a request is called from submit(), poll()
// or drain(), with the same lock, once, and must not destroy the store. Buffers stay valid until then. Errors of the
// host are errno values; the store logs them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace nyx::dev {

struct BlockRequest {
    enum class Kind : std::uint8_t { kRead, kWrite, kFlush, kDiscard, kWriteZeroes };
    Kind kind = Kind::kRead;
    std::uint64_t offset = 0;                      // bytes; [offset, offset + size) is inside the store
    std::uint64_t size = 0;                        // bytes; for reads and writes what the buffers hold together
    bool unmap = false;                            // kWriteZeroes: the space may be given back
    std::vector<std::span<std::uint8_t>> buffers;  // kRead: where to; kWrite: where from
    std::function<void(int error)> done;           // 0: it is done; a write is durable after a later flush
};

class BlockStore {
  public:
    virtual ~BlockStore() = default;
    // Bytes; does not change.
    virtual std::uint64_t size() const = 0;
    virtual bool read_only() const = 0;
    virtual void submit(BlockRequest request) = 0;
    // Readable when poll() has something to do; -1: submit() finishes everything by itself.
    virtual int fd() const { return -1; }
    virtual void poll() {}
    // Waits until every request is done.
    virtual void drain() {}
};

}  // namespace nyx::dev
