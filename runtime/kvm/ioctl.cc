#include "runtime/kvm/ioctl.h"

#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>

namespace nyx::kvm {
namespace {

struct Advice {
    std::string_view name;  // of the call
    int number;             // errno
    std::string_view hint;
};

constexpr Advice kAdvice[] = {
    {"open /dev/kvm", ENOENT,
     "load the module (modprobe kvm_intel or kvm_amd); if that fails, switch on VT-x or AMD-V in the firmware setup, "
     "or nested virtualisation for this virtual machine; in a container, pass the device in (--device /dev/kvm)"},
    {"open /dev/kvm", EACCES, "join the group that owns it: sudo usermod -aG kvm $USER, then log in again"},
    {"open /dev/kvm", EPERM, "a security policy forbids it; in a container, pass the device in (--device /dev/kvm)"},
    {"open /dev/kvm", ENODEV, "the module is loaded but found no usable CPU: switch on VT-x or AMD-V in the firmware"},
    {"open /dev/kvm", ENXIO, "the device node is there but no module stands behind it: modprobe kvm_intel or kvm_amd"},
    {"KVM_CREATE_VM", EBUSY,
     "another hypervisor (VirtualBox, VMware, Xen) holds the CPU's virtualisation: stop its machines or unload it"},
    {"KVM_CREATE_VM", EOPNOTSUPP, "switch on VT-x or AMD-V in the firmware setup"},
    {"KVM_CREATE_VM", ENOMEM, "the host is out of memory, or the memory limit of this cgroup is too small"},
    {"KVM_CREATE_VCPU", EINVAL, "this host does not take so many vCPUs; `nyx facts` shows max_vcpus"},
    {"KVM_CREATE_VCPU", ENOMEM, "the host is out of memory, or the memory limit of this cgroup is too small"},
    {"KVM_CREATE_IRQCHIP", ENOTTY, "this KVM has no in-kernel interrupt controller, which Nyx needs"},
    {"KVM_CREATE_PIT2", ENOTTY, "this KVM has no in-kernel timer: build the machine with `pit = false`"},
    {"KVM_IRQFD", EINVAL, "the guest's interrupt controllers are not KVM's: leave out `irqchip = user`"},
    {"KVM_SET_USER_MEMORY_REGION", EEXIST, "two memory ranges of the plan overlap"},
    {"KVM_SET_USER_MEMORY_REGION", EINVAL,
     "this host does not take the range: beyond its physical address width, too many slots, or no read-only memory"},
    {"KVM_SET_USER_MEMORY_REGION", ENOMEM, "the host is out of memory for its page tables"},
    {"KVM_SET_CPUID2", EINVAL, "this host refuses the CPU profile; try another `cpu` profile"},
    {"KVM_SET_CPUID2", E2BIG, "this host takes fewer CPUID leaves than it reports; try another `cpu` profile"},
    {"KVM_SET_SREGS", EINVAL, "this host refuses the start state of the boot protocol"},
    {"KVM_RUN", EFAULT, "the guest touched memory that the host cannot provide: out of memory, or a failing disk"},
    {"KVM_RUN", ENOMEM, "the host is out of memory"},
    {"KVM_GET_STATS_FD", ENOTTY, "this kernel (before 5.14) has no binary statistics"},
};

std::string_view general_hint(int number) {
    switch (number) {
        case ENOTTY:
            return "this kernel's KVM does not know the call; a newer kernel may";
        case EMFILE:
            return "too many open files: raise `ulimit -n`";
        case ENFILE:
            return "the whole host has too many open files";
        case ENOMEM:
            return "the host is out of memory";
        case EIO:
            return "the virtual machine is dead for KVM; see the kernel log (dmesg)";
        default:
            return "the kernel log (dmesg) may say more";
    }
}

}  // namespace

Error explain(std::string_view name, int number) {
    Error error = errno_error(number, name);
    if (number == ENOTTY) error.code = ErrorCode::kUnsupported;
    if (number == EBUSY) error.code = ErrorCode::kResource;
    error.hint = general_hint(number);
    for (const Advice& advice : kAdvice)
        if (advice.name == name && advice.number == number) error.hint = advice.hint;
    return error;
}

Result<int> call(int fd, unsigned long request, std::string_view name, std::uintptr_t argument) {
    int result = 0;
    do {
        result = ::ioctl(fd, request, argument);
    } while (result < 0 && errno == EINTR);
    if (result < 0) return fail(explain(name, errno));
    return result;
}

}  // namespace nyx::kvm
