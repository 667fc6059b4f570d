// IA32_APIC_BASE and its modes, and the registers as MSRs (§12.12 "Extended xAPIC").
#include "devices/irqchip/local_apic.h"

namespace nyx::dev::irqchip {

bool LocalApic::has_msr(std::uint32_t msr) {
    return msr == kMsrApicBase || msr == kMsrTscDeadline || msr - kFirstX2ApicMsr < kX2ApicMsrs;
}

// Table 12-6: what can be read in x2APIC mode.
static bool is_x2apic_readable(std::uint32_t reg) {
    switch (reg) {
        case kApicId:
        case kApicVersion:
        case kApicTpr:
        case kApicPpr:
        case kApicLdr:
        case kApicSvr:
        case kApicEsr:
        case kApicIcr:
        case kApicDivide:
            return true;
        default:
            return (reg >= kApicIsr && reg < kApicEsr) || (reg >= kApicLvtTimer && reg <= kApicCurrentCount);
    }
}

std::optional<std::uint64_t> LocalApic::read_msr(std::uint32_t msr) const {
    if (msr == kMsrApicBase) return state_.base;
    if (msr == kMsrTscDeadline) {
        if (!config_.tsc_deadline) return std::nullopt;
        return timer_.tsc_deadline();
    }
    std::uint32_t reg = msr - kFirstX2ApicMsr;
    if (reg >= kX2ApicMsrs || !is_x2apic() || !is_x2apic_readable(reg)) return std::nullopt;
    return reg == kApicIcr ? state_.icr : read_register(reg);
}

bool LocalApic::write_msr(std::uint32_t msr, std::uint64_t value) {
    if (msr == kMsrApicBase) return write_base(value);
    if (msr == kMsrTscDeadline) {
        if (config_.tsc_deadline) timer_.set_tsc_deadline(value);
        return config_.tsc_deadline;
    }
    std::uint32_t reg = msr - kFirstX2ApicMsr;
    return reg < kX2ApicMsrs && is_x2apic() && write_x2apic(reg, value);
}

// Figure 12-27 "Local x2APIC state transitions": into x2APIC mode only from xAPIC mode, out of it only to disabled.
// Disabling resets everything but the id (§12.4.3, §12.12.5).
bool LocalApic::write_base(std::uint64_t value) {
    bool reserved = (value & kBaseReserved) || (value >> config_.physical_bits) != 0;
    bool enable = value & kBaseEnabled;
    bool extend = value & kBaseX2Apic;
    if (reserved || (extend && !(config_.x2apic && enable))) return false;
    bool was_enabled = on_bus();
    if (extend && !was_enabled) return false;
    if (!extend && enable && is_x2apic()) return false;
    if (extend && !is_x2apic()) state_.icr &= 0xFFFF'FFFF;  // its destination changes place
    state_.base = value;
    if (was_enabled && !enable) reset_registers();
    publish();
    return true;
}

// §12.12.1.2: a bit that is reserved must be 0.
bool LocalApic::write_x2apic(std::uint32_t reg, std::uint64_t value) {
    if (reg == kApicIcr) {
        if (value & 0xFFFF'FFFF & ~std::uint64_t{kIcrLowWritable}) return false;
        state_.icr = value;
        send_ipi();
        return true;
    }
    std::uint64_t writable = 0;
    switch (reg) {
        case kApicTpr:
        case kApicSelfIpi:
            writable = 0xFF;
            break;
        case kApicEoi:
        case kApicEsr:
            break;
        case kApicSvr:
            writable = kSvrWritable | (config_.directed_eoi ? kSvrSuppressEoi : 0);
            break;
        case kApicInitialCount:
            writable = 0xFFFF'FFFF;
            break;
        case kApicDivide:
            writable = kDivideWritable;
            break;
        default:
            if (reg < kApicLvtTimer || reg > kApicLvtError) return false;
            writable = lvt_writable(reg) | (reg == kApicLvtLint0 || reg == kApicLvtLint1 ? kLvtRemoteIrr : 0);
    }
    if (value & ~writable) return false;
    if (reg == kApicSelfIpi) {
        send_self(static_cast<std::uint8_t>(value));
    } else {
        write_register(reg, static_cast<std::uint32_t>(value));
    }
    return true;
}

}  // namespace nyx::dev::irqchip
