// ISA line 0 as the 8254's ticks make it.
//
// A guest that counts ticks gets every one of them, however late the host was: a tick that comes while the last one is
// still to be served is owed, and becomes an edge of its own when the guest ends that interrupt. Nothing is owed where
// nobody listens, nor across a new count or control word. The line falls only just before the next rise, which nobody
// can tell but a guest that left the interrupt unacknowledged for that long: it does not lose it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

namespace nyx::dev::board {

class TickDebt {
  public:
    // heard: a rise is an interrupt now or later; otherwise it is masked.
    TickDebt(std::function<void(bool)> drive, std::function<bool()> heard)
        : drive_(std::move(drive)), heard_(std::move(heard)) {}

    // 0: more than anybody counts, one for all.
    void ticks(std::uint64_t count) {
        const std::uint64_t owed = count == 0 ? 1 : std::min(owed_ + count, kMostOwed);
        owed_ = raise() ? owed : 0;
    }
    void ended() {
        if (owed_ == 0) return;
        --owed_;
        if (owed_ != 0 && !raise()) owed_ = 0;
    }
    void forget() { owed_ = 0; }
    // A new control word or count takes the line somewhere at once.
    void set(bool asserted) {
        forget();
        if (asserted != line_) drive(asserted);
    }

    template <class Io, class Self>
    static void fields(Io& io, Self& self) {
        io.field(1, self.line_);
        io.field(2, self.owed_);
    }

  private:
    static constexpr std::uint64_t kMostOwed = 1000;  // a second of the fastest rate that systems use

    bool raise() {
        if (line_) drive(false);
        drive(true);
        return heard_();
    }
    void drive(bool asserted) {
        line_ = asserted;
        drive_(asserted);
    }

    std::function<void(bool)> drive_;
    std::function<bool()> heard_;
    bool line_ = false;
    std::uint64_t owed_ = 0;
};

}  // namespace nyx::dev::board
