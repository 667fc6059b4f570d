// Interrupts by level on real KVM: set by calls, and by irqfd with resample.
#include "tests/unit/runtime/machine/level_guest.h"

using namespace nyx;
using namespace nyx::vm;

namespace {

void check_interrupts(std::uint16_t rounds, std::uint8_t times, bool irqfd) {
    CAPTURE(irqfd);
    Guest guest = guest_with_level_interrupts(rounds, times);
    guest.options.irqfd = irqfd;
    const Outcome outcome = guest.run();
    CHECK(outcome.kind == Outcome::Kind::kExited);
    CHECK(outcome.exit_status >= rounds * times);
    const bool twice = host_kvm()->kind() == "kvm_pvm";
    CHECK(outcome.exit_status <= rounds * times + (twice ? rounds : 0));
}

}  // namespace

TEST_CASE("an interrupt by level comes once for a reason that is taken away") {
    if (!host_kvm()) return;
    check_interrupts(100, 1, false);
    check_interrupts(100, 1, true);
}

// More often than a host would deliver one twice.
TEST_CASE("an interrupt by level that the guest ends too early comes again") {
    if (!host_kvm()) return;
    check_interrupts(30, 5, false);
    check_interrupts(30, 5, true);
}
