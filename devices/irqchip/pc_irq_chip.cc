#include "devices/irqchip/pc_irq_chip.h"

#include <utility>

#include "runtime/base/check.h"

namespace nyx::dev::irqchip {

// The I/O APIC's input that ISA line 0 is.
static constexpr unsigned kTimerPin = 2;

// A local APIC behind the lock.
class PcIrqChip::Processor final : public ProcessorInterrupts {
    template <class Function, class... Args>
    auto locked(Function function, Args... args) const {
        std::lock_guard guard(lock_);
        return (apic_.*function)(args...);
    }

  public:
    Processor(std::mutex& lock, LocalApic& apic) : lock_(lock), apic_(apic) {}

    std::uint32_t pending() const override { return apic_.pending(); }
    std::optional<std::uint8_t> take_interrupt() override {
        std::lock_guard guard(lock_);
        if (!(apic_.pending() & kSignalInterrupt)) return std::nullopt;
        return apic_.acknowledge();
    }
    bool take_nmi() override { return locked(&LocalApic::take_nmi); }
    bool take_smi() override { return locked(&LocalApic::take_smi); }
    bool take_init() override { return locked(&LocalApic::take_init); }
    std::optional<std::uint8_t> take_start_up() override { return locked(&LocalApic::take_start_up); }
    bool waits_for_start_up() const override { return locked(&LocalApic::waits_for_start_up); }
    std::uint8_t cr8() const override { return locked(&LocalApic::cr8); }
    void set_cr8(std::uint8_t value) override { locked(&LocalApic::set_cr8, value); }
    std::optional<std::uint64_t> read_msr(std::uint32_t msr) const override {
        return locked(&LocalApic::read_msr, msr);
    }
    bool write_msr(std::uint32_t msr, std::uint64_t value) override {
        return locked(&LocalApic::write_msr, msr, value);
    }
    void tsc_moved() override { locked(&LocalApic::tsc_moved); }

  private:
    std::mutex& lock_;
    LocalApic& apic_;
};

ApicBus::Links PcIrqChip::bus_links() {
    return {.clock = links_.clock,
            .timers = links_.timers,
            .ns_of_tsc = links_.ns_of_tsc,
            .kick = links_.kick,
            .acknowledge_ext_int = [this] { return pics_.acknowledge(); },
            .eoi = [this](std::uint8_t vector, bool broadcast) { ended(vector, broadcast); }};
}

PcIrqChip::PcIrqChip(const Config& config, Links links)
    : links_(std::move(links)),
      ports_{{I8259Pair::kMasterPort, 2}, {I8259Pair::kSlavePort, 2}, {I8259Pair::kElcrPort, 2}},
      bus_(bus_links(), config.processors),
      io_apic_(bus_),
      pics_([this](bool asserted) { set_intr(asserted); },
            [this] {
                if (pit_) pit_->ended();
            }) {
    NYX_CHECK(!config.processors.empty());
    for (std::uint32_t cpu = 0; cpu < bus_.count(); ++cpu)
        processors_.push_back(std::make_unique<Processor>(links_.lock, bus_.apic(cpu)));
    if (!config.pit) return;
    pit_ =
        std::make_unique<I8254>(links_.clock, links_.timers, [this](bool asserted) { return drive_timer(asserted); });
    ports_.push_back({kPitPort, 4});
    ports_.push_back({kPortB, 1});
}

PcIrqChip::~PcIrqChip() = default;

ProcessorInterrupts& PcIrqChip::processor(std::uint32_t cpu) {
    return *processors_[cpu];
}

void PcIrqChip::set_intr(bool asserted) {
    bus_.set_lint0(asserted);
    io_apic_.set_irq(0, asserted);
}

void PcIrqChip::drive(std::uint32_t gsi, bool asserted) {
    if (gsi < I8259Pair::kLines) pics_.set_irq(gsi, asserted);
    if (gsi == kCascadeLine) return;
    io_apic_.set_irq(gsi == 0 ? kTimerPin : gsi, asserted);
}

bool PcIrqChip::drive_timer(bool asserted) {
    if (!timer_connected_) return false;
    drive(0, asserted);
    return pics_.hears_timer() || !io_apic_.is_masked(kTimerPin);
}

// The 8254 gets to know of ends of what its input sends, level-triggered or not.
void PcIrqChip::ended(std::uint8_t vector, bool broadcast) {
    if (broadcast) io_apic_.eoi(vector);
    if (pit_ && io_apic_.sends(kTimerPin, vector)) pit_->ended();
}

void PcIrqChip::set_gsi(std::uint32_t gsi, bool asserted) {
    NYX_CHECK(gsi < kGsis, "GSI {}", gsi);
    std::lock_guard guard(links_.lock);
    drive(gsi, asserted);
}

void PcIrqChip::connect_timer(bool connected) {
    std::lock_guard guard(links_.lock);
    if (connected == timer_connected_) return;
    timer_connected_ = connected;
    drive(0, false);
}

void PcIrqChip::set_nmi(bool asserted) {
    std::lock_guard guard(links_.lock);
    bus_.set_lint1(asserted);
}

void PcIrqChip::deliver_msi(std::uint64_t address, std::uint32_t data) {
    std::lock_guard guard(links_.lock);
    bus_.deliver(msi_message(address, data));
}

static bool is_pit(std::uint64_t port) {
    return port - kPitPort < 4 || port == kPortB;
}

std::uint8_t PcIrqChip::read_byte(std::uint64_t port) {
    if (!is_pit(port)) return pics_.read(port);
    return pit_ ? pit_->read(port) : std::uint8_t{0xFF};
}

void PcIrqChip::write_byte(std::uint64_t port, std::uint8_t value) {
    if (!is_pit(port)) return pics_.write(port, value);
    if (pit_) pit_->write(port, value);
}

std::uint64_t PcIrqChip::read_port(std::uint64_t port, std::uint8_t width) {
    std::lock_guard guard(links_.lock);
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) value |= std::uint64_t{read_byte(port + i)} << (8 * i);
    return value;
}

void PcIrqChip::write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value) {
    std::lock_guard guard(links_.lock);
    for (unsigned i = 0; i < width; ++i) write_byte(port + i, static_cast<std::uint8_t>(value >> (8 * i)));
}

std::optional<std::uint64_t> PcIrqChip::read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width) {
    std::lock_guard guard(links_.lock);
    LocalApic& apic = bus_.apic(cpu);
    if (auto page = apic.page(); page && address - *page < kApicPageSize) return apic.read_page(address - *page, width);
    if (address - kIoApicBase >= kIoApicSize) return std::nullopt;
    return io_apic_.read(address - kIoApicBase) & width_mask(width);
}

bool PcIrqChip::write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value) {
    std::lock_guard guard(links_.lock);
    LocalApic& apic = bus_.apic(cpu);
    if (auto page = apic.page(); page && address - *page < kApicPageSize) {
        apic.write_page(address - *page, width, value);
        return true;
    }
    if (address - kIoApicBase >= kIoApicSize) return false;
    io_apic_.write(address - kIoApicBase, static_cast<std::uint32_t>(value & width_mask(width)));
    return true;
}

void PcIrqChip::reset() {
    std::lock_guard guard(links_.lock);
    if (pit_) pit_->reset();
    pics_.reset();
    io_apic_.reset();
    bus_.reset();
}

}  // namespace nyx::dev::irqchip
