#include "runtime/kvm/stats.h"

#include <unistd.h>

#include <cstring>

#include "runtime/base/bytes.h"
#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"

namespace nyx::kvm {
namespace {

constexpr std::uint32_t kMaxNameSize = 256;
constexpr std::uint32_t kMaxCounters = 4096;

bool read_exactly(int fd, void* buffer, std::size_t size, std::uint64_t offset) {
    return ::pread(fd, buffer, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

}  // namespace

Result<Stats> Stats::open(int fd) {
    NYX_ASSIGN(int stats_fd, NYX_KVM(fd, KVM_GET_STATS_FD, std::uintptr_t{0}));
    Stats stats;
    stats.fd_ = Fd(stats_fd);
    kvm_stats_header header{};
    bool sane = read_exactly(stats_fd, &header, sizeof header, 0) && header.name_size > 0 &&
                header.name_size <= kMaxNameSize && header.num_desc <= kMaxCounters;
    if (!sane) return fail(ErrorCode::kUnsupported, "KVM_GET_STATS_FD: the statistics have an unknown format");
    std::vector<char> raw(sizeof(kvm_stats_desc) + header.name_size);
    for (std::uint32_t i = 0; i < header.num_desc; ++i) {
        if (!read_exactly(stats_fd, raw.data(), raw.size(), header.desc_offset + i * raw.size())) break;
        kvm_stats_desc desc{};
        std::memcpy(&desc, raw.data(), sizeof desc);
        if (desc.size != 1) continue;
        const char* name = raw.data() + sizeof desc;
        stats.counters_.push_back(
            {std::string(name, ::strnlen(name, header.name_size)), std::uint64_t{header.data_offset} + desc.offset});
    }
    return stats;
}

std::uint64_t Stats::value_at(std::uint64_t offset) const {
    std::uint64_t value = 0;
    return read_exactly(fd_.get(), &value, sizeof value, offset) ? value : 0;
}

std::map<std::string, std::uint64_t, std::less<>> Stats::read() const {
    std::map<std::string, std::uint64_t, std::less<>> values;
    for (const Counter& counter : counters_) values[counter.name] = value_at(counter.offset);
    return values;
}

std::uint64_t Stats::read(std::string_view name) const {
    for (const Counter& counter : counters_)
        if (counter.name == name) return value_at(counter.offset);
    return 0;
}

}  // namespace nyx::kvm
