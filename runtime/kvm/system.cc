#include "runtime/kvm/system.h"

#include <cpuid.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/check.h"
#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"

namespace nyx::kvm {
namespace {

constexpr Capability kCapabilities[] = {
#define NYX_CAPABILITY(constant, key, need, purpose) {#key, Need::need, purpose, constant},
#include "runtime/kvm/capabilities.def"
#undef NYX_CAPABILITY
};

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

std::span<const Capability> capabilities() {
    return kCapabilities;
}

const char* host_kind_name(HostKind kind) {
    switch (kind) {
        case HostKind::kHardware:
            return "hardware";
        case HostKind::kNested:
            return "nested";
        case HostKind::kPvm:
            return "kvm_pvm";
    }
    return "unknown";
}

// Not from /proc/cpuinfo, which measures every processor's frequency first and takes milliseconds.
bool under_hypervisor() {
    constexpr unsigned kHypervisor = 1u << 31;
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & kHypervisor) != 0;
}

HostKind detect_host_kind(bool hypervisor, const std::string& root) {
    auto loaded = [&](const char* module) { return exists(root + "/sys/module/" + module); };
    if (loaded("kvm_pvm") && !loaded("kvm_intel") && !loaded("kvm_amd")) return HostKind::kPvm;
    return hypervisor ? HostKind::kNested : HostKind::kHardware;
}

Result<System> System::open(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!fd) {
        Error error = explain("open /dev/kvm", errno);
        if (path != "/dev/kvm") error = std::move(error).in(path);
        return fail(std::move(error));
    }
    auto version = NYX_KVM(fd.get(), KVM_GET_API_VERSION, std::uintptr_t{0});
    if (!version || *version != KVM_API_VERSION)
        return fail(Error{ErrorCode::kUnsupported, fmt::format("{} does not speak KVM API version 12", path),
                          "is it really KVM's device? A kernel since 2.6.22 speaks version 12"});
    NYX_ASSIGN(int page_size, NYX_KVM(fd.get(), KVM_GET_VCPU_MMAP_SIZE, std::uintptr_t{0}));
    System system;
    system.fd_ = std::move(fd);
    system.vcpu_page_size_ = static_cast<std::size_t>(page_size);
    system.host_kind_ = detect_host_kind(under_hypervisor());
    for (const Capability& capability : kCapabilities)
        if (capability.need == Need::kNeeded && system.capability(capability.number) == 0)
            return fail(Error{ErrorCode::kUnsupported,
                              fmt::format("this host's KVM lacks {} ({})", capability.key, capability.purpose),
                              "`nyx doctor` lists what is missing; a newer kernel may have it"});
    return system;
}

int System::capability(int number) const {
    auto value = NYX_KVM(fd_.get(), KVM_CHECK_EXTENSION, static_cast<std::uintptr_t>(number));
    return value ? *value : 0;
}

bool System::asks_for_msrs() const {
    return capability(KVM_CAP_X86_USER_SPACE_MSR) != 0;
}

int System::capability(std::string_view key) const {
    for (const Capability& entry : kCapabilities)
        if (entry.key == key) return capability(entry.number);
    NYX_CHECK(false, "no capability {}", key);
    return 0;
}

std::uint32_t System::max_vcpus() const {
    int most = capability(KVM_CAP_MAX_VCPUS);
    if (most == 0) most = capability(KVM_CAP_NR_VCPUS);
    return most <= 0 ? 4
                     : static_cast<std::uint32_t>(
                           most);  // api.rst, KVM_CAP_NR_VCPUS: "If ... does not exist, you should assume 4"
}

}  // namespace nyx::kvm
