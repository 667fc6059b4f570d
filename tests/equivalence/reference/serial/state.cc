#include <algorithm>

#include "tests/equivalence/reference/serial/uart.h"

namespace nyx::dev::serial {

template <class Io, class S>
void Uart::fields(Io& io, S& state) {
    io.field(1, state.ier);
    io.field(2, state.fcr);
    io.field(3, state.lcr);
    io.field(4, state.mcr);
    io.field(5, state.scr);
    io.field(6, state.divisor);
    io.field(7, state.line_errors);
    io.field(8, state.modem_deltas);
    io.field(9, state.thr_empty_pending);
    io.field(10, state.timeout_pending);
    io.field(11, state.received);
    io.field(12, state.errors);
    io.field(13, state.timeout_in_ns);
}

bool Uart::valid(const State& state) {
    bool enabled = (state.fcr & kFcrEnable) != 0;
    bool registers_fit = state.ier <= kIerMask && state.mcr <= kMcrMask && (state.fcr & ~kFcrKept) == 0 &&
                         (enabled || state.fcr == 0) && (state.line_errors & ~kLsrErrors) == 0 &&
                         state.modem_deltas <= kMsrDeltas;
    bool queue_fits = state.received.size() == state.errors.size() && (enabled || state.received.size() <= 1);
    for (std::size_t i = 0; i < state.errors.size(); ++i)
        queue_fits &= (state.errors.at(i) & ~kLsrCharacterErrors) == 0;
    constexpr std::uint64_t kLongestTimeoutNs = 60'000'000'000;
    bool timeout_fits = state.timeout_in_ns <= kLongestTimeoutNs &&
                        (!state.received.empty() || (state.timeout_in_ns == 0 && !state.timeout_pending));
    return registers_fit && queue_fits && timeout_fits;
}

void Uart::save(StateWriter& writer) const {
    State saved = state_;
    std::uint64_t now = clock_.monotonic_ns();
    // One that is due but has not fired yet is saved as due in a nanosecond.
    if (timeout_deadline_ns_ != 0) saved.timeout_in_ns = timeout_deadline_ns_ > now ? timeout_deadline_ns_ - now : 1;
    fields(writer, saved);
}

Status Uart::restore(StateReader& reader) {
    State next;
    fields(reader, next);
    NYX_TRY(reader.finish());
    if (!valid(next)) return fail(ErrorCode::kCorrupt, "saved state: no 16550A can be in it");
    timeout_->cancel();
    timeout_deadline_ns_ = next.timeout_in_ns == 0 ? 0 : clock_.monotonic_ns() + next.timeout_in_ns;
    if (timeout_deadline_ns_ != 0) timeout_->arm(timeout_deadline_ns_);
    next.timeout_in_ns = 0;
    state_ = next;
    update_line();
    offer_room();
    return {};
}

}  // namespace nyx::dev::serial
