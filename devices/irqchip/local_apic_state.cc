#include "devices/irqchip/local_apic.h"
#include "devices/irqchip/packed.h"

namespace nyx::dev::irqchip {

template <class Io, class S>
void LocalApic::fields(Io& io, S& state) {
    io.field(1, state.base);
    io.field(2, state.icr);
    io.field(3, state.ldr);
    io.field(4, state.dfr);
    io.field(5, state.svr);
    io.field(6, state.tpr);
    io.field(7, state.esr);
    io.field(8, state.errors);
    io.field(9, state.lint0);
    io.field(10, state.lint1);
    io.field(11, state.ext_int);
    io.field(12, state.nmi);
    io.field(13, state.smi);
    io.field(14, state.init);
    io.field(15, state.waiting);
    io.field(16, state.start_up);
    io.field(17, state.start_page);
}

// Not in what is saved of the timer: its mode, which the LVT has.
template <class Io, class S>
static void timer_fields(Io& io, S& timer) {
    io.field(22, timer.initial);
    io.field(23, timer.divide);
    io.field(24, timer.first);
    io.field(25, timer.start_ns);
    io.field(26, timer.tsc_deadline);
}

void LocalApic::save(StateWriter& writer) const {
    fields(writer, state_);
    writer.field(18, packed(state_.lvt));
    writer.field(19, packed(state_.isr.words));
    writer.field(20, packed(state_.tmr.words));
    writer.field(21, packed(state_.irr.words));
    timer_fields(writer, timer_.state());
}

bool LocalApic::is_possible(const State& state) const {
    bool extended = state.base & kBaseX2Apic;
    bool base_fits = !(state.base & kBaseReserved) && !(state.base >> config_.physical_bits) &&
                     (!extended || (config_.x2apic && (state.base & kBaseEnabled)));
    std::uint32_t svr_writable = kSvrWritable | (config_.directed_eoi ? kSvrSuppressEoi : 0);
    std::uint64_t icr_high = extended ? 0xFFFF'FFFF : 0xFF00'0000;
    bool fits = base_fits && !(state.svr & ~svr_writable) && !(state.ldr & ~kLdrWritable) &&
                (state.dfr & kDfrOnes) == kDfrOnes && !(state.icr & ~(icr_high << 32 | kIcrLowWritable)) &&
                !((state.esr | state.errors) & ~kErrorsKnown);
    for (std::uint32_t reg = kApicLvtTimer; reg <= kApicLvtError; ++reg) {
        std::uint32_t allowed = lvt_writable(reg) | (reg == kApicLvtLint0 ? kLvtRemoteIrr : 0);
        fits = fits && !(state.lvt[reg - kApicLvtTimer] & ~allowed);
    }
    for (const VectorSet* set : {&state.isr, &state.irr}) fits = fits && !(set->words[0] & 0xFFFF);
    return fits;
}

Status LocalApic::restore(StateReader& reader) {
    State next;
    ApicTimer::State timer;
    auto lvt_bytes = packed(next.lvt);
    auto isr = packed(next.isr.words);
    auto tmr = isr;
    auto irr = isr;
    fields(reader, next);
    reader.field(18, lvt_bytes);
    reader.field(19, isr);
    reader.field(20, tmr);
    reader.field(21, irr);
    timer_fields(reader, timer);
    NYX_TRY(reader.finish());
    unpack(lvt_bytes, next.lvt);
    unpack(isr, next.isr.words);
    unpack(tmr, next.tmr.words);
    unpack(irr, next.irr.words);
    timer.mode = static_cast<ApicTimer::Mode>(next.lvt[0] >> kLvtTimerModeShift & 3);
    if (!is_possible(next) || !ApicTimer::is_possible(timer))
        return fail(ErrorCode::kCorrupt, "saved state: no local APIC can be in it");
    state_ = next;
    timer_.set_state(timer);
    publish();
    return {};
}

}  // namespace nyx::dev::irqchip
