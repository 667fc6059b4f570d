#include "runtime/kvm/vcpu.h"

#include <sys/ioctl.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "runtime/kvm/cpuid_table.h"
#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"
#include "runtime/kvm/register_layout.h"

namespace nyx::kvm {
namespace {

// KVM_MAX_CPUID_ENTRIES: no vCPU has more.
constexpr std::size_t kMostCpuidEntries = 256;

}  // namespace

Result<RunPage> RunPage::map(int vcpu_fd, std::size_t size) {
    void* page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu_fd, 0);
    if (page == MAP_FAILED) return fail(explain("mmap of kvm_run", errno));
    RunPage mapped;
    mapped.run_ = static_cast<kvm_run*>(page);
    mapped.size_ = size;
    return mapped;
}

RunPage::RunPage(RunPage&& other) noexcept
    : run_(std::exchange(other.run_, nullptr)), size_(std::exchange(other.size_, 0)) {}

RunPage& RunPage::operator=(RunPage&& other) noexcept {
    std::swap(run_, other.run_);
    std::swap(size_, other.size_);
    return *this;
}

RunPage::~RunPage() {
    if (run_ != nullptr) ::munmap(run_, size_);
}

Result<std::unique_ptr<Vcpu>> Vcpu::adopt(Fd fd, std::size_t page_size) {
    auto vcpu = std::make_unique<Vcpu>();
    NYX_ASSIGN(vcpu->page_, RunPage::map(fd.get(), page_size));
    vcpu->fd_ = std::move(fd);
    if (auto stats = Stats::open(vcpu->fd_.get())) vcpu->stats_ = std::move(*stats);
    return vcpu;
}

Result<Exit> Vcpu::run_once() {
    if (::ioctl(fd_.get(), KVM_RUN, 0) == 0) return parse_exit(*page_.get(), page_.size());
    // EAGAIN: an application processor was woken by INIT or SIPI and only wants to be run again.
    if (errno == EINTR || errno == EAGAIN) return InterruptedExit{};
    return fail(explain("KVM_RUN", errno));
}

// KVM finishes the instruction of an access at the next KVM_RUN, before it looks at immediate_exit: so there is one
// after every access that was served, and the guest stands between two instructions when this returns.
Result<Exit> Vcpu::run(hv::ExitServer& server) {
    for (;;) {
        NYX_ASSIGN(Exit exit, run_once());
        if (!server.serve(exit)) return exit;
    }
}

void Vcpu::interrupt() {
    std::atomic_ref<std::uint8_t>(page_.get()->immediate_exit).store(1);
}
void Vcpu::allow_run() {
    std::atomic_ref<std::uint8_t>(page_.get()->immediate_exit).store(0);
}

Result<CpuState> Vcpu::state() const {
    kvm_regs regs{};
    kvm_sregs sregs{};
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_REGS, &regs));
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_SREGS, &sregs));
    return CpuState{from_kernel(regs), from_kernel(sregs)};
}

Status Vcpu::set_state(const CpuState& state) {
    kvm_sregs sregs{};
    // For what is not ours to set: the APIC's base and pending interrupts.
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_SREGS, &sregs));
    to_kernel(state.system, sregs);
    kvm_regs regs = to_kernel(state.general);
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_SREGS, &sregs));
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_REGS, &regs));
    return {};
}

Status Vcpu::set_apic_base(std::uint64_t base) {
    kvm_sregs sregs{};
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_SREGS, &sregs));
    sregs.apic_base = base;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_SREGS, &sregs));
    return {};
}

Status Vcpu::inject_interrupt(std::uint8_t vector) {
    kvm_interrupt interrupt{};
    interrupt.irq = vector;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_INTERRUPT, &interrupt));
    return {};
}

Status Vcpu::inject_nmi() {
    NYX_TRY(NYX_KVM(fd_.get(), KVM_NMI, std::uintptr_t{0}));
    return {};
}

Status Vcpu::set_cpuid(std::span<const CpuidEntry> entries) {
    CpuidTable table(entries);
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_CPUID2, table.get()));
    return {};
}

Result<std::vector<CpuidEntry>> Vcpu::cpuid() const {
    CpuidTable table(kMostCpuidEntries);
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_CPUID2, table.get()));
    return table.entries();
}

Status Vcpu::set_msrs(std::span<const Msr> msrs) {
    for (const Msr& msr : msrs) {
        alignas(kvm_msrs) std::uint8_t bytes[sizeof(kvm_msrs) + sizeof(kvm_msr_entry)] = {};
        auto* table = reinterpret_cast<kvm_msrs*>(bytes);
        table->nmsrs = 1;
        table->entries[0].index = msr.index;
        table->entries[0].data = msr.value;
        NYX_ASSIGN(int set, NYX_KVM(fd_.get(), KVM_SET_MSRS, table));
        if (set != 1) return fail(ErrorCode::kUnsupported, "KVM_SET_MSRS: this KVM refuses MSR {:#x}", msr.index);
    }
    return {};
}

Result<Activity> Vcpu::activity() const {
    kvm_mp_state state{};
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_MP_STATE, &state));
    switch (state.mp_state) {
        case KVM_MP_STATE_RUNNABLE:
            return Activity::kRunnable;
        case KVM_MP_STATE_UNINITIALIZED:
            return Activity::kUninitialized;
        case KVM_MP_STATE_INIT_RECEIVED:
            return Activity::kInitReceived;
        case KVM_MP_STATE_HALTED:
            return Activity::kHalted;
        case KVM_MP_STATE_SIPI_RECEIVED:
            return Activity::kSipiReceived;
        default:
            return Activity::kOther;
    }
}

Result<std::uint64_t> Vcpu::translate(std::uint64_t linear) const {
    kvm_translation translation{};
    translation.linear_address = linear;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_TRANSLATE, &translation));
    if (translation.valid == 0) return fail(ErrorCode::kNotFound, "nothing is mapped at {:#x}", linear);
    return translation.physical_address;
}

hv::Counters Vcpu::counters() const {
    return stats_ ? stats_->read() : hv::Counters{};
}

std::optional<bool> Vcpu::is_waiting() const {
    if (!stats_) return std::nullopt;
    return stats_->read("blocking") != 0;
}

}  // namespace nyx::kvm
