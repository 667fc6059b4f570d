#include "devices/board/processor.h"

#include <utility>

#include "devices/board/units.h"

namespace nyx::dev::board {

using irqchip::ApicMessage;
using irqchip::DeliveryMode;

namespace {

// local_apic.ny: vector, delivery mode, 11 logical, 12 with 32 bits of destination, 15 level, 63..32 destination.
std::uint64_t word_of(const ApicMessage& message) {
    return message.vector | static_cast<std::uint64_t>(message.mode) << 8 | std::uint64_t{message.logical} << 11 |
           std::uint64_t{message.wide} << 12 | std::uint64_t{message.level} << 15 |
           std::uint64_t{message.destination} << 32;
}

ApicMessage message_of(std::uint64_t word) {
    return {.destination = static_cast<std::uint32_t>(word >> 32),
            .logical = (word >> 11 & 1) != 0,
            .wide = (word >> 12 & 1) != 0,
            .mode = irqchip::delivery_mode(word),
            .vector = static_cast<std::uint8_t>(word),
            .level = false};
}

Settings settings_of(const irqchip::LocalApicConfig& config) {
    return {{"id", config.id},
            {"boot", config.boot_processor},
            {"x2apic", config.x2apic},
            {"tsc_deadline", config.tsc_deadline},
            {"physical_bits", config.physical_bits}};
}

constexpr unsigned kShorthandShift = 18;

}  // namespace

Processor::Processor(const irqchip::LocalApicConfig& config, Clock& clock, Timers& timers, Wires wires)
    : config_(config),
      wires_(std::move(wires)),
      clock_(clock),
      apic_("local_apic", clock, timers, settings_of(config)),
      tsc_alarm_(timers.create([this] { await_tsc(); })),
      message_(apic_.source("message")),
      rise_(apic_.source("rise")),
      fall_(apic_.source("fall")),
      inta_(apic_.source("inta")),
      init_(apic_.source("init")),
      set_task_(apic_.source("set_task_priority")),
      addressed_(apic_.source("addressed")),
      select_msr_(apic_.source("select_msr")),
      rdmsr_(apic_.source("rdmsr")),
      wrmsr_(apic_.source("wrmsr")),
      tsc_reached_(apic_.source("tsc_reached")),
      vector_(apic_.sink("vector")),
      standing_(apic_.sink("standing")),
      msr_value_(apic_.sink("msr_value")),
      fault_(apic_.sink("fault")),
      ext_int_(apic_.derived("ext_int")),
      has_page_(apic_.derived("has_page")),
      page_at_(apic_.derived("page_at")),
      awaited_tsc_(apic_.derived("awaited_tsc")),
      task_(apic_.derived("task_priority")),
      waiting_(!config.boot_processor) {
    apic_.connect_line("intr", [this](bool asserted) {
        interrupt_ = asserted;
        publish();
    });
    apic_.connect_sink("processor", [this](std::uint64_t asked) { hear(asked); });
    apic_.connect_sink("ipi", [this](std::uint64_t command) { send(command); });
    apic_.connect_sink("served", [this](std::uint64_t vector) { wires_.served(static_cast<std::uint8_t>(vector)); });
    apic_.connect_sink("eoi", [this](std::uint64_t vector) { wires_.ended(static_cast<std::uint8_t>(vector)); });
}

Processor::Standing Processor::standing(const ApicMessage& message) {
    const std::uint64_t told = apic_.ask(addressed_, word_of(message), standing_).value_or(0);
    return {(told >> 8 & 1) != 0, (told >> 9 & 1) != 0, static_cast<std::uint8_t>(told)};
}

void Processor::accept(const ApicMessage& message) {
    apic_.bring(message_, word_of(message));
}

void Processor::send(std::uint64_t command) {
    wires_.send(message_of(command), static_cast<unsigned>(command >> kShorthandShift & 3));
}

// SDM volume 3 §9.4.4.1: a running processor ignores a start-up message.
void Processor::hear(std::uint64_t asked) {
    switch (irqchip::delivery_mode(asked)) {
        case DeliveryMode::kSmi:
            smi_ = true;
            break;
        case DeliveryMode::kNmi:
            nmi_ = true;
            break;
        case DeliveryMode::kInit:
            started_init_ = true;
            start_up_ = false;
            break;
        case DeliveryMode::kStartUp:
            if (!started_init_ && !waiting_) return;
            start_up_ = true;
            start_page_ = static_cast<std::uint8_t>(asked);
            break;
        default:
            return;
    }
    publish();
}

// A processor that waits for its start-up sees nothing else.
void Processor::publish() {
    std::uint32_t now = started_init_ ? irqchip::kSignalInit : 0U;
    if (waiting_) {
        if (start_up_) now |= irqchip::kSignalStartUp;
    } else {
        if (nmi_) now |= irqchip::kSignalNmi;
        if (smi_) now |= irqchip::kSignalSmi;
        if (interrupt_) now |= irqchip::kSignalInterrupt;
    }
    const std::uint32_t before = signals_.exchange(now, std::memory_order_acq_rel);
    if ((now & ~before) != 0) wires_.kick();
}

bool Processor::take(bool& latch) {
    if (waiting_ || !latch) return false;
    latch = false;
    publish();
    return true;
}

std::optional<std::uint8_t> Processor::take_interrupt() {
    if ((pending() & irqchip::kSignalInterrupt) == 0) return std::nullopt;
    const bool is_external = apic_.value(ext_int_) != 0;
    const std::uint64_t vector = apic_.ask(inta_, 0, vector_).value_or(0);
    return is_external ? wires_.acknowledge_ext_int() : static_cast<std::uint8_t>(vector);
}

bool Processor::take_init() {
    if (!started_init_) return false;
    apic_.bring(init_);
    nmi_ = smi_ = started_init_ = false;
    waiting_ = !config_.boot_processor;
    start_up_ = start_up_ && waiting_;
    publish();
    return true;
}

std::optional<std::uint8_t> Processor::take_start_up() {
    if (!waiting_ || !start_up_) return std::nullopt;
    waiting_ = start_up_ = false;
    publish();
    return start_page_;
}

std::optional<std::uint64_t> Processor::read_msr(std::uint32_t msr) {
    apic_.bring(select_msr_, msr);
    return apic_.ask(rdmsr_, 0, msr_value_);
}

bool Processor::write_msr(std::uint32_t msr, std::uint64_t value) {
    apic_.bring(select_msr_, msr);
    const bool faults = apic_.ask(wrmsr_, value, fault_).has_value();
    if (msr == irqchip::kMsrTscDeadline && !faults) await_tsc();
    return !faults;
}

// SDM volume 3, §12.5.4.1: a deadline that has passed is reached at once. One that the local APIC gave up in the
// meantime is nothing to it.
void Processor::await_tsc() {
    tsc_alarm_->cancel();
    const std::uint64_t tsc = apic_.value(awaited_tsc_);
    if (tsc == 0) return;
    const std::uint64_t due = wires_.ns_of_tsc(tsc);
    if (due <= clock_.monotonic_ns()) return apic_.bring(tsc_reached_);
    tsc_alarm_->arm(due);
}

std::optional<std::uint64_t> Processor::in_page(std::uint64_t address) const {
    const std::uint64_t offset = address - apic_.value(page_at_);
    if (offset >= irqchip::kApicPageSize || apic_.value(has_page_) == 0) return std::nullopt;
    return offset;
}

std::vector<StateUnit> Processor::save(const std::string& name) const {
    StateWriter writer;
    fields(writer, *this);
    return {apic_.save("lapic" + name), {"signals" + name, "processor", 1, writer.take()}};
}

Status Processor::restore(const std::string& name, std::span<const StateUnit> units) {
    NYX_ASSIGN(const StateUnit* apic, find_unit(units, "lapic" + name));
    NYX_ASSIGN(const StateUnit* signals, find_unit(units, "signals" + name, "processor", 1));
    NYX_TRY(apic_.restore(apic->path, *apic));
    StateReader reader(signals->fields);
    fields(reader, *this);
    NYX_TRY(reader.finish());
    await_tsc();
    publish();
    return {};
}

void Processor::reset() {
    apic_.reset();
    nmi_ = smi_ = started_init_ = start_up_ = false;
    waiting_ = !config_.boot_processor;
    publish();
}

}  // namespace nyx::dev::board
