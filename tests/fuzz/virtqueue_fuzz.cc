// A disk whose driver is the fuzzer: what it writes into the rings, and in which order it touches which registers.
#include <cstdint>
#include <cstring>

#include "tests/unit/devices/virtio/driver.h"

#include "devices/virtio/disk.h"

using namespace nyx::dev;
using namespace nyx::dev::virtio;

namespace {

constexpr std::size_t kStep = 8;  // where, and what

struct FuzzedDisk : TestDriver {
    FakeStore store{1 << 16};
    FuzzedDisk() { make(std::make_unique<Disk>(Disk::Config{}, &store, nullptr)); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDisk disk;
    disk.start(kFVersion1 | kFIndirectDesc | kFEventIdx);
    for (; size >= kStep; data += kStep, size -= kStep) {
        std::uint32_t where = 0, what = 0;
        std::memcpy(&where, data, 4);
        std::memcpy(&what, data + 4, 4);
        if ((where >> 31) != 0) {
            disk.device->write({0, where % (mmio::kWindow / 4) * 4, 4}, what);
        } else {
            std::memcpy(&disk.ram[where % (disk.ram.size() - 4)], &what, 4);
        }
        if (where % 16 == 3) disk.out(0x50, 0);
    }
    return 0;
}
