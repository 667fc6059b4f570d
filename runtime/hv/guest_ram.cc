#include "runtime/hv/guest_ram.h"

#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "runtime/base/bits.h"
#include "runtime/base/check.h"

namespace nyx::hv {
namespace {

constexpr std::uint64_t kGuard = 4096;
constexpr std::uint64_t kHuge = std::uint64_t{2} << 20;

Error out_of_address_space(std::uint64_t size) {
    Error error = errno_error(errno, fmt::format("mmap of {} MiB of guest memory", size >> 20));
    error.hint = "give the machine less memory, or raise the limit (`ulimit -v`, the cgroup's memory.max)";
    return error;
}

}  // namespace

Result<GuestRam> GuestRam::create(std::uint64_t size, bool huge_pages) {
    NYX_CHECK(size != 0 && size % kGuard == 0, "{} bytes of guest memory", size);
    // Reserve more than needed, place the memory at the first huge-page boundary, and give the rest back.
    std::uint64_t reserved = size + kHuge + 2 * kGuard;
    void* area = ::mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED) return fail(out_of_address_space(size));
    auto start = reinterpret_cast<std::uintptr_t>(area);
    std::uintptr_t base = align_up(start + kGuard, kHuge);
    std::uintptr_t first = base - kGuard;
    std::uintptr_t last = base + size + kGuard;
    if (first > start) ::munmap(area, first - start);
    if (start + reserved > last) ::munmap(reinterpret_cast<void*>(last), start + reserved - last);
    GuestRam ram;
    ram.data_ = reinterpret_cast<std::uint8_t*>(base);
    ram.size_ = size;
    if (::mprotect(ram.data_, size, PROT_READ | PROT_WRITE) != 0) return fail(out_of_address_space(size));
    if (huge_pages) ::madvise(ram.data_, size, MADV_HUGEPAGE);  // a wish: a kernel without them says no
    return ram;
}

GuestRam::GuestRam(GuestRam&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

GuestRam& GuestRam::operator=(GuestRam&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

GuestRam::~GuestRam() {
    if (data_ != nullptr) ::munmap(data_ - kGuard, size_ + 2 * kGuard);
}

Status GuestRam::clear() const {
    if (::madvise(data_, size_, MADV_DONTNEED) != 0) return fail(errno_error(errno, "clearing guest memory"));
    return {};
}

}  // namespace nyx::hv
