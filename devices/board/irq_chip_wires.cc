// Who hears what from whom.
#include "devices/board/described_irq_chip.h"
#include "runtime/base/check.h"

namespace nyx::dev::board {

using irqchip::ApicMessage;

namespace {

constexpr unsigned kIsaLines = 16, kCascadeLine = 2;
constexpr unsigned kTimerPin = 2;  // the I/O APIC's input that ISA line 0 is

ApicMessage message_of_entry(std::uint64_t entry) {
    return {.destination = static_cast<std::uint32_t>(entry >> irqchip::kRedDestinationShift),
            .logical = (entry & irqchip::kRedLogical) != 0,
            .wide = false,
            .mode = irqchip::delivery_mode(entry),
            .vector = static_cast<std::uint8_t>(entry),
            .level = (entry & irqchip::kRedLevel) != 0};
}

}  // namespace

DescribedIrqChip::DescribedIrqChip(const Config& config, const Links& links)
    : links_(links),
      turns_(links.lock, errands_),
      timers_(links.timers, errands_),
      pics_("i8259", links.clock, timers_),
      io_apic_("io_apic", links.clock, timers_) {
    NYX_CHECK(!config.processors.empty());
    for (std::uint32_t cpu = 0; cpu < config.processors.size(); ++cpu) add_processor(config.processors[cpu], cpu);
    wire_pics();
    io_apic_.connect_sink(
        "message", [this](std::uint64_t entry) { later([this, entry] { bus_.deliver(message_of_entry(entry)); }); });
    if (config.pit) add_pit();
}

void DescribedIrqChip::wire_pics() {
    ports_.add(pics_, "master_ports", {0x20, 2});
    ports_.add(pics_, "slave_ports", {0xA0, 2});
    ports_.add(pics_, "edge_level", {0x4D0, 2});
    pics_.connect_line("intr", [this](bool asserted) { later([this, asserted] { set_intr(asserted); }); });
    pics_.connect_sink("ended", [this](std::uint64_t line) {
        if (line == 0) later([this] { debt_.ended(); });
    });
}

void DescribedIrqChip::add_processor(const irqchip::LocalApicConfig& config, std::uint32_t cpu) {
    Processor::Wires wires{
        .send =
            [this, cpu](const ApicMessage& message, unsigned shorthand) {
                later([this, cpu, message, shorthand] { bus_.send(cpu, message, shorthand); });
            },
        .ended = [this](std::uint8_t vector) { later([this, vector] { io_apic_.bring(end_, vector); }); },
        .served = [this](std::uint8_t vector) { later([this, vector] { served(vector); }); },
        .acknowledge_ext_int = [this] { return acknowledge(); },
        .ns_of_tsc = [this, cpu](std::uint64_t tsc) { return links_.ns_of_tsc(cpu, tsc); },
        .kick = [this, cpu] { links_.kick(cpu); }};
    bus_.add(std::make_unique<Processor>(config, links_.clock, timers_, std::move(wires)));
    processors_.push_back(std::make_unique<LockedProcessor>(turns_, bus_.at(cpu)));
}

void DescribedIrqChip::add_pit() {
    pit_ = std::make_unique<Part>("i8254", links_.clock, timers_);
    ports_.add(*pit_, "counters", {0x40, 4});
    ports_.add(*pit_, "control_b", {0x61, 1});
    pit_->connect_sink("tick", [this](std::uint64_t count) { later([this, count] { debt_.ticks(count); }); });
    pit_->connect_sink("set", [this](std::uint64_t level) {
        later([this, level] { level > 1 ? debt_.forget() : debt_.set(level != 0); });
    });
}

bool DescribedIrqChip::hears_timer() const {
    return pics_.value(pic_hears_) != 0 || io_apic_.value(io_hears_) != 0;
}

// The 8254 gets to know of ends of what its input sends, level-triggered or not.
void DescribedIrqChip::served(std::uint8_t vector) {
    if (io_apic_.value(io_hears_) != 0 && io_apic_.value(timer_vector_) == vector) debt_.ended();
}

void DescribedIrqChip::drive(std::uint32_t gsi, bool asserted) {
    levels_[gsi] = asserted;
    if (gsi < kIsaLines) pics_.bring(asserted ? pic_rise_ : pic_fall_, gsi);
    if (gsi != kCascadeLine) set_pin(gsi == 0 ? kTimerPin : gsi, asserted);
}

void DescribedIrqChip::set_intr(bool asserted) {
    intr_ = asserted;
    bus_.set_pin(0, asserted);
    set_pin(0, asserted);
}

// INTR goes low for a moment with each acknowledge, so that the next request is an edge of its own.
std::uint8_t DescribedIrqChip::acknowledge() {
    const std::uint64_t vector = pics_.ask(pic_inta_, 0, pic_vector_).value_or(0);
    later([this] {
        if (!intr_) return;
        set_pin(0, false);
        set_pin(0, true);
    });
    return static_cast<std::uint8_t>(vector);
}

}  // namespace nyx::dev::board
