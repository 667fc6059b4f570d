#include "devices/irqchip/i8259_pair.h"

#include "runtime/base/check.h"

namespace nyx::dev::irqchip {

void I8259Pair::cascade(bool pulse) {
    if (pulse) {
        master_.set_irq(kCascadeLine, false);
        drive_intr(master_.has_interrupt());
    }
    master_.set_irq(kCascadeLine, slave_.has_interrupt());
    drive_intr(master_.has_interrupt());
}

void I8259Pair::drive_intr(bool asserted) {
    if (asserted == intr_) return;
    intr_ = asserted;
    if (intr_changed_) intr_changed_(asserted);
}

void I8259Pair::tell_ended() {
    if ((master_.take_ended() & 1) && timer_ended_) timer_ended_();
}

void I8259Pair::set_irq(unsigned line, bool level) {
    NYX_CHECK(line < kLines, "ISA interrupt {}", line);
    if (line == kCascadeLine) return;
    (line < kPicLines ? master_ : slave_).set_irq(line % kPicLines, level);
    cascade(false);
}

// "Cascade mode": on the cascade line it is the slave that gives the vector.
std::uint8_t I8259Pair::acknowledge() {
    bool has_request = master_.has_interrupt();
    unsigned line = master_.acknowledge_line();
    bool from_slave = has_request && line == kCascadeLine;
    std::uint8_t vector = from_slave ? slave_.acknowledge() : master_.vector(line);
    drive_intr(false);
    cascade(from_slave);
    tell_ended();
    return vector;
}

I8259* I8259Pair::chip_at(std::uint64_t port) {
    if (port - kMasterPort < 2) return &master_;
    return port - kSlavePort < 2 ? &slave_ : nullptr;
}

std::uint8_t I8259Pair::read(std::uint64_t port) {
    if (port == kElcrPort) return master_.elcr();
    if (port == kElcrPort + 1) return slave_.elcr();
    I8259* chip = chip_at(port);
    if (!chip) return 0xFF;
    bool acknowledges = chip->is_polled();
    std::uint8_t value = chip->read(port & 1);
    if (acknowledges && chip == &master_) drive_intr(false);
    if (acknowledges) cascade(chip == &slave_);
    tell_ended();
    return value;
}

void I8259Pair::write(std::uint64_t port, std::uint8_t value) {
    if (port == kElcrPort) {
        master_.set_elcr(value & kElcrMasterMask);
    } else if (port == kElcrPort + 1) {
        slave_.set_elcr(value & kElcrSlaveMask);
    } else if (I8259* chip = chip_at(port)) {
        chip->write(port & 1, value);
    }
    cascade(false);
    tell_ended();
}

void I8259Pair::reset() {
    master_.reset();
    slave_.reset();
    cascade(false);
}

// Field ids: 1 to 16 the master, 33 to 48 the slave.
template <class Io, class S>
static void fields(Io& io, std::uint32_t first, S& chip) {
    io.field(first, chip.lines);
    io.field(first + 1, chip.edges);
    io.field(first + 2, chip.imr);
    io.field(first + 3, chip.isr);
    io.field(first + 4, chip.elcr);
    io.field(first + 5, chip.base);
    io.field(first + 6, chip.icw3);
    io.field(first + 7, chip.icw4);
    io.field(first + 8, chip.lowest);
    io.field(first + 9, chip.next_icw);
    io.field(first + 10, chip.need_icw4);
    io.field(first + 11, chip.single);
    io.field(first + 12, chip.special_mask);
    io.field(first + 13, chip.rotate_in_auto_eoi);
    io.field(first + 14, chip.read_isr);
    io.field(first + 15, chip.poll);
}

void I8259Pair::save(StateWriter& state) const {
    fields(state, 1, master_.state());
    fields(state, 33, slave_.state());
}

Status I8259Pair::restore(StateReader& state) {
    I8259::State master;
    I8259::State slave;
    fields(state, 1, master);
    fields(state, 33, slave);
    NYX_TRY(state.finish());
    I8259::State old = master_.state();
    bool elcr_fits = !(master.elcr & ~kElcrMasterMask) && !(slave.elcr & ~kElcrSlaveMask);
    if (!elcr_fits || !master_.set_state(master))
        return fail(ErrorCode::kCorrupt, "saved state: no 8259A can be in it");
    if (!slave_.set_state(slave)) {
        master_.set_state(old);
        return fail(ErrorCode::kCorrupt, "saved state: no 8259A can be in it");
    }
    cascade(false);
    return {};
}

}  // namespace nyx::dev::irqchip
