#include "soft_runner.h"

#include <cpuid.h>

#include <algorithm>
#include <cstring>

namespace nyx::soft {

std::vector<CpuidLeaf> host_cpuid() {
    std::vector<CpuidLeaf> leaves;
    auto add = [&](std::uint32_t leaf, std::uint32_t subleaf, bool matters) {
        CpuidLeaf entry{leaf, subleaf, matters};
        __cpuid_count(leaf, subleaf, entry.eax, entry.ebx, entry.ecx, entry.edx);
        leaves.push_back(entry);
    };
    for (std::uint32_t leaf : {0u, 1u, 7u, 0x80000000u, 0x80000001u, 0x80000008u}) add(leaf, 0, false);
    add(0xD, 0, true);
    add(0xD, 1, true);
    return leaves;
}

SoftRunner::SoftRunner() {
    ram_ = storage_.data() + (kPageSize - reinterpret_cast<std::uintptr_t>(storage_.data()) % kPageSize);
    (void)memory_.map({0, 4 * kPageSize}, page(kTables), false);
    (void)memory_.map({HostRunner::kCodePage, kPageSize}, page(kCodePageNumber), false);
    (void)memory_.map({HostRunner::kData, HostRunner::kDataSize}, page(kDataPage), false);
    cpu_ = std::make_unique<Cpu>(memory_, around_, host_cpuid(), 0);
    set_up_paging();
    set_up_modes();
    cpu_->intercept = [this](const Exception& exception) {
        exception_ = exception;
        cpu_->attention(kWantReturn);
        return true;
    };
}

void SoftRunner::set_entry(std::size_t table, std::uint64_t index, std::uint64_t value) {
    value |= 0x67;  // present, writable, user, accessed, dirty
    std::memcpy(page(kTables + table) + index * 8, &value, 8);
}

void SoftRunner::set_up_paging() {
    auto index = [](std::uint64_t linear, unsigned shift) { return (linear >> shift) & 0x1FF; };
    for (std::size_t level = 0; level < 3; ++level)
        set_entry(level, index(HostRunner::kBase, static_cast<unsigned>(39 - 9 * level)), (level + 1) * kPageSize);
    set_entry(3, index(HostRunner::kCodePage, 12), HostRunner::kCodePage);
    for (std::uint64_t at = 0; at < HostRunner::kDataSize; at += kPageSize)
        set_entry(3, index(HostRunner::kData + at, 12), (HostRunner::kData + at) | std::uint64_t{1} << 63);  // NX
}

void SoftRunner::set_up_modes() {
    Cpu& cpu = *cpu_;
    cpu.control.cr0 = kCr0Pg | kCr0Wp | kCr0Ne | kCr0Et | kCr0Mp | kCr0Pe;
    cpu.control.cr4 = kCr4Pae | kCr4Pge | kCr4Osfxsr | kCr4Osxmmexcpt | kCr4Osxsave | kCr4Fsgsbase;
    cpu.control.efer = kEferSce | kEferLme | kEferLma | kEferNxe;
    cpu.control.xcr0 = 7;
    cpu.control.cr3 = 0;
    cpu.set_cpl(3);
    set_segments(64);
}

void SoftRunner::set_segments(unsigned bits) {
    Cpu& cpu = *cpu_;
    bits_ = bits;
    auto user = static_cast<std::uint16_t>(Segment::kPresent | Segment::kS | 3 | (3 << 5));
    if (bits != 16) user = static_cast<std::uint16_t>(user | Segment::kG | Segment::kDb);
    for (Seg segment : {kEs, kCs, kSs, kDs, kFs, kGs}) {
        cpu.segments[segment].base = HostRunner::data_base(bits);
        cpu.segments[segment].limit = bits == 16 ? HostRunner::kDataSize - 1 : 0xFFFFFFFF;
        cpu.segments[segment].access = user;
    }
    cpu.segments[kCs].base = HostRunner::code_base(bits);
    cpu.segments[kCs].limit = bits == 16 ? 0xFFFF : 0xFFFFFFFF;
    cpu.segments[kCs].access = static_cast<std::uint16_t>(user | 8);
    if (bits == 64) cpu.segments[kCs].access = static_cast<std::uint16_t>((user | 8 | Segment::kL) & ~Segment::kDb);
    cpu.segments[kGs].base = bits == 64 ? HostRunner::kGsBase : 0;
    cpu.mode_changed();
}

void SoftRunner::set_code(const TestCode& code) {
    std::uint8_t* start = page(kCodePageNumber) + HostRunner::kCode % kPageSize;
    std::memset(start - 0x80, 0xCC, 0x880);
    // Where the code may end it stays: jmp to itself, which is one instruction more.
    auto put_end = [start](std::int64_t at) {
        start[at] = 0xEB;
        start[at + 1] = 0xFE;
    };
    put_end(static_cast<std::int64_t>(code.bytes.size()));
    for (std::int64_t target : code.targets) put_end(target);
    std::ranges::copy(code.bytes, start);
    memory_.wrote({HostRunner::kCodePage, kPageSize});
    set_segments(code.bits);
    size_ = code.bytes.size();
    instructions_ = code.instructions + 1;
    with_vectors_ = code.with_vectors;
}

void SoftRunner::put_state(const UserState& state) {
    std::ranges::copy(state.gpr, cpu_->gpr.begin());
    cpu_->set_rflags((state.rflags & kFlagsOfTests) | 0x202);
    if (!with_vectors_) return;
    for (std::size_t i = 0; i < 16; ++i) cpu_->vector.ymm[i].bytes = state.ymm[i];
    cpu_->vector.mxcsr = state.mxcsr();
    // SDM volume 1, table 10-2.
    const std::uint8_t* image = state.fxsave.data();
    X87State& x87 = cpu_->x87;
    x87 = {};
    std::memcpy(&x87.control, image, 2);
    std::memcpy(&x87.status, image + 2, 2);
    x87.top = static_cast<std::uint8_t>((x87.status >> 11) & 7);
    x87.status = static_cast<std::uint16_t>(x87.status & ~0x3800);
    x87.in_use = image[4];
    for (std::size_t i = 0; i < 8; ++i) std::memcpy(&x87.registers[(x87.top + i) % 8].bytes, image + 32 + 16 * i, 10);
}

UserState SoftRunner::state() const {
    UserState state;
    std::copy_n(cpu_->gpr.begin(), 16, state.gpr.begin());
    state.rflags = (cpu_->rflags() & kFlagsOfTests) | 0x202;
    if (!with_vectors_) return state;
    for (std::size_t i = 0; i < 16; ++i) state.ymm[i] = cpu_->vector.ymm[i].bytes;
    const X87State& x87 = cpu_->x87;
    std::uint8_t* image = state.fxsave.data();
    auto status = static_cast<std::uint16_t>(x87.status | (x87.top << 11));
    std::memcpy(image, &x87.control, 2);
    std::memcpy(image + 2, &status, 2);
    image[4] = x87.in_use;
    for (std::size_t i = 0; i < 8; ++i) std::memcpy(image + 32 + 16 * i, &x87.registers[(x87.top + i) % 8].bytes, 10);
    state.set_mxcsr(cpu_->vector.mxcsr);
    return state;
}

Outcome SoftRunner::run(const UserState& start) {
    put_state(start);
    exception_.reset();
    cpu_->rip = HostRunner::kCode - HostRunner::code_base(bits_);
    cpu_->run(instructions_);
    cpu_->no_attention(kWantReturn);
    Outcome outcome;
    outcome.state = state();
    outcome.rip = cpu_->rip + HostRunner::code_base(bits_);
    if (exception_ && exception_->is_trap) outcome.rip += size_;
    if (exception_) outcome.fault = Fault{exception_->vector, exception_->error_code, exception_->address};
    return outcome;
}

}  // namespace nyx::soft
