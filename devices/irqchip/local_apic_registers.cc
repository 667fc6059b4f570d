// The registers by number, and the page in which xAPIC mode shows them (§12.4.1).
#include "devices/irqchip/local_apic.h"
#include "runtime/base/bits.h"

namespace nyx::dev::irqchip {

static bool is_lvt(std::uint32_t reg) {
    return reg >= kApicLvtTimer && reg <= kApicLvtError;
}

static bool is_known(std::uint32_t reg) {
    bool first_block = reg >= kApicTpr && reg <= kApicEsr;
    return reg == kApicId || reg == kApicVersion || first_block || (reg >= kApicIcr && reg <= kApicCurrentCount) ||
           reg == kApicDivide;
}

// §12.12.10.2: in x2APIC mode the logical id follows from the id.
std::uint32_t LocalApic::logical_id() const {
    if (!is_x2apic()) return state_.ldr;
    return config_.id >> 4 << 16 | 1U << (config_.id & 0xF);
}

std::uint32_t LocalApic::read_register(std::uint32_t reg) const {
    if (is_lvt(reg)) return lvt(reg);
    if (reg >= kApicIsr && reg < kApicTmr) return state_.isr.words[reg - kApicIsr];
    if (reg >= kApicTmr && reg < kApicIrr) return state_.tmr.words[reg - kApicTmr];
    if (reg >= kApicIrr && reg < kApicEsr) return state_.irr.words[reg - kApicIrr];
    switch (reg) {
        case kApicId:
            return is_x2apic() ? config_.id : config_.id << 24;
        case kApicVersion:
            return kApicVersionValue | (config_.directed_eoi ? kVersionDirectedEoi : 0);
        case kApicTpr:
            return state_.tpr;
        case kApicApr:
            return arbitration_priority();
        case kApicPpr:
            return processor_priority();
        case kApicLdr:
            return logical_id();
        case kApicDfr:
            return state_.dfr;
        case kApicSvr:
            return state_.svr;
        case kApicEsr:
            return state_.esr;
        case kApicIcr:
            return static_cast<std::uint32_t>(state_.icr);
        case kApicIcrHigh:
            return static_cast<std::uint32_t>(state_.icr >> 32);
        case kApicInitialCount:
            return timer_.initial_count();
        case kApicCurrentCount:
            return timer_.current_count();
        case kApicDivide:
            return timer_.divide();
        default:
            return 0;  // write-only, remote read, or nothing
    }
}

// Read-only registers ignore what is written.
void LocalApic::write_register(std::uint32_t reg, std::uint32_t value) {
    if (is_lvt(reg)) return write_lvt(reg, value);
    switch (reg) {
        case kApicTpr:
            state_.tpr = static_cast<std::uint8_t>(value);
            return publish();
        case kApicEoi:
            return end_of_interrupt();
        case kApicLdr:
            state_.ldr = value & kLdrWritable;
            return;
        case kApicDfr:
            state_.dfr = value | kDfrOnes;
            return;
        case kApicSvr:
            return write_svr(value);
        case kApicEsr:
            state_.esr = state_.errors;
            state_.errors = 0;
            return;
        case kApicIcr:
            state_.icr = (state_.icr & ~std::uint64_t{0xFFFF'FFFF}) | (value & kIcrLowWritable);
            return send_ipi();
        case kApicIcrHigh:
            state_.icr = (state_.icr & 0xFFFF'FFFF) | std::uint64_t{value & 0xFF00'0000} << 32;
            return;
        case kApicInitialCount:
            return timer_.set_initial_count(value);
        case kApicDivide:
            return timer_.set_divide(static_cast<std::uint8_t>(value & kDivideWritable));
        default:
            return;
    }
}

void LocalApic::write_svr(std::uint32_t value) {
    state_.svr = value & (kSvrWritable | (config_.directed_eoi ? kSvrSuppressEoi : 0));
    if (!(state_.svr & kSvrEnabled)) mask_all_lvt();
    publish();
}

std::optional<std::uint64_t> LocalApic::page() const {
    if (!on_bus() || is_x2apic()) return std::nullopt;
    return align_down(state_.base, kApicPageSize);
}

// Every register is the first four bytes of its sixteen; a narrower or wider read sees those bytes, and zeros behind.
std::uint64_t LocalApic::read_page(std::uint64_t offset, std::uint8_t width) {
    auto reg = static_cast<std::uint32_t>(offset / 16);
    if (!is_known(reg)) {
        error(kErrorIllegalRegister);
        return 0;
    }
    unsigned shift = static_cast<unsigned>(offset % 16) * 8;
    return shift >= 32 ? 0 : (std::uint64_t{read_register(reg)} >> shift) & width_mask(width);
}

void LocalApic::write_page(std::uint64_t offset, std::uint8_t width, std::uint64_t value) {
    if (width != 4 || offset % 16 != 0) return;
    auto reg = static_cast<std::uint32_t>(offset / 16);
    if (!is_known(reg)) return error(kErrorIllegalRegister);
    write_register(reg, static_cast<std::uint32_t>(value));
}

}  // namespace nyx::dev::irqchip
