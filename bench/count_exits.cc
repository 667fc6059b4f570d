// Preloaded into a VMM (LD_PRELOAD): counts how often KVM_RUN comes back to user space, whatever VMM it is.
//
// $NYX_COUNT_EXITS names a file of at least 16 bytes; its first 64-bit word counts returns with an exit, its second
// those that a signal or immediate_exit caused. Every process and thread adds to the same file; without it, or on any
// other ioctl, nothing happens but the call.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr unsigned long kKvmRun = 0xAE80;  // _IO(KVMIO, 0x80)

struct Counts {
    std::atomic<std::uint64_t> exits;
    std::atomic<std::uint64_t> interrupted;
};

Counts* map_counts() {
    const char* path = std::getenv("NYX_COUNT_EXITS");
    int fd = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return nullptr;
    void* page = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return page == MAP_FAILED ? nullptr : static_cast<Counts*>(page);
}

}  // namespace

extern "C" int ioctl(int fd, unsigned long request, ...) noexcept {
    using Ioctl = int (*)(int, unsigned long, void*);
    static const auto next = reinterpret_cast<Ioctl>(::dlsym(RTLD_NEXT, "ioctl"));
    static Counts* const counts = map_counts();
    va_list arguments;
    va_start(arguments, request);
    void* argument = va_arg(arguments, void*);
    va_end(arguments);
    int result = next(fd, request, argument);
    if (request == kKvmRun && counts != nullptr) (result == 0 ? counts->exits : counts->interrupted).fetch_add(1);
    return result;
}
