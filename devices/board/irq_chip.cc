#include "devices/board/irq_chip.h"

#include <array>

#include "devices/board/apic_bus.h"
#include "devices/board/errands.h"
#include "devices/board/locked_processor.h"
#include "devices/board/tick_debt.h"
#include "devices/board/units.h"
#include "runtime/base/check.h"

namespace nyx::dev::board {

using irqchip::ApicMessage;
using irqchip::IrqChip;

namespace {

constexpr unsigned kIsaLines = 16, kCascadeLine = 2;
constexpr unsigned kTimerPin = 2;  // the I/O APIC's input that ISA line 0 is

// Ports of a part.
struct Window {
    Range ports;
    Part* part = nullptr;
    std::uint32_t bank = 0;
};

class DescribedIrqChip final : public IrqChip {
  public:
    DescribedIrqChip(const Config& config, const Links& links)
        : links_(links),
          turns_(links.lock, errands_),
          timers_(links.timers, errands_),
          pics_("i8259", links.clock, timers_),
          io_apic_("io_apic", links.clock, timers_) {
        NYX_CHECK(!config.processors.empty());
        for (std::uint32_t cpu = 0; cpu < config.processors.size(); ++cpu) add_processor(config.processors[cpu], cpu);
        add_ports(pics_, "master_ports", {0x20, 2});
        add_ports(pics_, "slave_ports", {0xA0, 2});
        add_ports(pics_, "edge_level", {0x4D0, 2});
        pics_.connect_line("intr", [this](bool asserted) { later([this, asserted] { set_intr(asserted); }); });
        pics_.connect_sink("ended", [this](std::uint64_t line) {
            if (line == 0) later([this] { debt_.ended(); });
        });
        io_apic_.connect_sink("message", [this](std::uint64_t entry) {
            later([this, entry] { bus_.deliver(message_of_entry(entry)); });
        });
        if (config.pit) add_pit();
    }

    void set_gsi(std::uint32_t gsi, bool asserted) override {
        NYX_CHECK(gsi < kGsis, "GSI {}", gsi);
        turns_.run([&] { drive(gsi, asserted); });
    }
    void set_nmi(bool asserted) override {
        turns_.run([&] {
            nmi_ = asserted;
            bus_.set_pin(1, asserted);
        });
    }
    void deliver_msi(std::uint64_t address, std::uint32_t data) override {
        turns_.run([&] { bus_.deliver(irqchip::msi_message(address, data)); });
    }
    irqchip::ProcessorInterrupts& processor(std::uint32_t cpu) override { return *processors_[cpu]; }

    std::span<const Range> ports() const override { return ports_; }
    std::uint64_t read_port(std::uint64_t port, std::uint8_t width) override {
        return turns_.run([&] {
            std::uint64_t value = 0;
            for (unsigned i = 0; i < width; ++i) {
                const Window* window = window_at(port + i);
                const std::uint64_t byte =
                    window == nullptr ? 0xFF : window->part->read(window->bank, port + i - window->ports.base, 1);
                value |= byte << (8 * i);
            }
            return value;
        });
    }
    void write_port(std::uint64_t port, std::uint8_t width, std::uint64_t value) override {
        turns_.run([&] {
            for (unsigned i = 0; i < width; ++i)
                if (const Window* window = window_at(port + i))
                    window->part->write(window->bank, port + i - window->ports.base, 1, value >> (8 * i) & 0xFF);
        });
    }
    std::optional<std::uint64_t> read_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width) override {
        return turns_.run([&]() -> std::optional<std::uint64_t> {
            Processor& own = bus_.at(cpu);
            if (address - irqchip::kApicBase < irqchip::kApicPageSize && own.has_page())
                return own.read_page(address - irqchip::kApicBase, width);
            if (address - irqchip::kIoApicBase >= irqchip::kApicPageSize) return std::nullopt;
            return io_apic_.read(0, address - irqchip::kIoApicBase, width);
        });
    }
    bool write_mmio(std::uint32_t cpu, std::uint64_t address, std::uint8_t width, std::uint64_t value) override {
        return turns_.run([&] {
            Processor& own = bus_.at(cpu);
            if (address - irqchip::kApicBase < irqchip::kApicPageSize && own.has_page()) {
                own.write_page(address - irqchip::kApicBase, width, value);
                return true;
            }
            if (address - irqchip::kIoApicBase >= irqchip::kApicPageSize) return false;
            io_apic_.write(0, address - irqchip::kIoApicBase, width, value);
            return true;
        });
    }

    void reset() override {
        turns_.run([&] {
            if (pit_) pit_->reset();
            debt_.set(false);
            pics_.reset();
            io_apic_.reset();
            bus_.reset();
            for (std::uint32_t gsi = 0; gsi < kGsis; ++gsi)
                if (levels_[gsi]) drive(gsi, true);
            if (nmi_) bus_.set_pin(1, true);
        });
    }

    std::vector<StateUnit> save() const override {
        const std::lock_guard guard(links_.lock);
        return save_all();
    }
    Status restore(std::span<const StateUnit> units) override {
        const std::lock_guard guard(links_.lock);
        const std::vector<StateUnit> before = save_all();
        Status status = restore_all(units);
        if (!status) NYX_CHECK(restore_all(before), "what was saved a moment ago cannot be restored");
        return status;
    }

  private:
    // What the board has of its own, and no part.
    struct Own {
        std::uint32_t last_winner = 0, levels = 0;
        bool intr = false, nmi = false;
    };
    template <class Io, class Values>
    static void fields(Io& io, Values& own) {
        io.field(1, own.last_winner);
        io.field(2, own.levels);
        io.field(3, own.intr);
        io.field(4, own.nmi);
    }

    std::vector<StateUnit> save_all() const {
        std::vector<StateUnit> units = bus_.save();
        if (pit_) units.push_back(pit_->save("pit"));
        units.push_back(pics_.save("pic"));
        units.push_back(io_apic_.save("ioapic"));
        Own own{.last_winner = bus_.last_winner(), .levels = 0, .intr = intr_, .nmi = nmi_};
        for (std::uint32_t gsi = 0; gsi < kGsis; ++gsi) own.levels |= std::uint32_t{levels_[gsi]} << gsi;
        StateWriter board, debt;
        fields(board, own);
        units.push_back({"board", "board", 1, board.take()});
        TickDebt::fields(debt, debt_);
        units.push_back({"ticks", "ticks", 1, debt.take()});
        return units;
    }

    // What parts tell each other about lines that are others now was told before the state was saved.
    Status restore_all(std::span<const StateUnit> units) {
        Status status = restore_parts(units);
        errands_.forget();
        return status;
    }

    Status restore_parts(std::span<const StateUnit> units) {
        if (units.size() != 2 * processors_.size() + (pit_ ? 5 : 4))
            return fail(ErrorCode::kCorrupt, "saved state: {} units of interrupt controllers", units.size());
        NYX_TRY(bus_.restore(units));
        if (pit_) NYX_TRY(restore_part(*pit_, "pit", units));
        NYX_TRY(restore_part(pics_, "pic", units));
        NYX_TRY(restore_part(io_apic_, "ioapic", units));
        NYX_ASSIGN(const StateUnit* ticks, find_unit(units, "ticks", "ticks", 1));
        StateReader debt(ticks->fields);
        TickDebt::fields(debt, debt_);
        NYX_TRY(debt.finish());
        return restore_own(units);
    }

    static Status restore_part(Part& part, std::string_view path, std::span<const StateUnit> units) {
        NYX_ASSIGN(const StateUnit* unit, find_unit(units, path));
        return part.restore(path, *unit);
    }

    Status restore_own(std::span<const StateUnit> units) {
        NYX_ASSIGN(const StateUnit* unit, find_unit(units, "board", "board", 1));
        Own own;
        StateReader reader(unit->fields);
        fields(reader, own);
        NYX_TRY(reader.finish());
        if (own.levels >> kGsis != 0 || !bus_.set_last_winner(own.last_winner))
            return fail(ErrorCode::kCorrupt, "saved state: '{}' names what is not there", unit->path);
        for (std::uint32_t gsi = 0; gsi < kGsis; ++gsi) levels_[gsi] = (own.levels >> gsi & 1) != 0;
        intr_ = own.intr;
        nmi_ = own.nmi;
        return {};
    }

    void later(std::function<void()> errand) { errands_.add(std::move(errand)); }

    void add_processor(const irqchip::LocalApicConfig& config, std::uint32_t cpu) {
        Processor::Wires wires{
            .send =
                [this, cpu](const ApicMessage& message, unsigned shorthand) {
                    later([this, cpu, message, shorthand] { bus_.send(cpu, message, shorthand); });
                },
            .ended = [this](std::uint8_t vector) { later([this, vector] { io_apic_.bring(end_, vector); }); },
            .served = [this](std::uint8_t vector) { later([this, vector] { served(vector); }); },
            .acknowledge_ext_int = [this] { return acknowledge(); },
            .kick = [this, cpu] { links_.kick(cpu); }};
        bus_.add(std::make_unique<Processor>(config, links_.clock, timers_, std::move(wires)));
        processors_.push_back(std::make_unique<LockedProcessor>(turns_, bus_.at(cpu)));
    }

    void add_pit() {
        pit_ = std::make_unique<Part>("i8254", links_.clock, timers_);
        add_ports(*pit_, "counters", {0x40, 4});
        add_ports(*pit_, "control_b", {0x61, 1});
        pit_->connect_sink("tick", [this](std::uint64_t count) { later([this, count] { debt_.ticks(count); }); });
        pit_->connect_sink("set", [this](std::uint64_t level) {
            later([this, level] { level > 1 ? debt_.forget() : debt_.set(level != 0); });
        });
    }

    bool hears_timer() const { return pics_.value(pic_hears_) != 0 || io_apic_.value(io_hears_) != 0; }
    // The 8254 gets to know of ends of what its input sends, level-triggered or not.
    void served(std::uint8_t vector) {
        if (io_apic_.value(io_hears_) != 0 && io_apic_.value(timer_vector_) == vector) debt_.ended();
    }

    void add_ports(Part& part, std::string_view bank, Range ports) {
        windows_.push_back({ports, &part, part.bank(bank)});
        ports_.push_back(ports);
    }
    const Window* window_at(std::uint64_t port) const {
        for (const Window& window : windows_)
            if (window.ports.contains(port)) return &window;
        return nullptr;
    }

    void drive(std::uint32_t gsi, bool asserted) {
        levels_[gsi] = asserted;
        if (gsi < kIsaLines) pics_.bring(asserted ? pic_rise_ : pic_fall_, gsi);
        if (gsi != kCascadeLine) set_pin(gsi == 0 ? kTimerPin : gsi, asserted);
    }
    void set_pin(unsigned pin, bool asserted) { io_apic_.bring(asserted ? pin_rise_ : pin_fall_, pin); }
    void set_intr(bool asserted) {
        intr_ = asserted;
        bus_.set_pin(0, asserted);
        set_pin(0, asserted);
    }
    // INTR goes low for a moment with each acknowledge, so that the next request is an edge of its own.
    std::uint8_t acknowledge() {
        const std::uint64_t vector = pics_.ask(pic_inta_, 0, pic_vector_).value_or(0);
        later([this] {
            if (!intr_) return;
            set_pin(0, false);
            set_pin(0, true);
        });
        return static_cast<std::uint8_t>(vector);
    }

    static ApicMessage message_of_entry(std::uint64_t entry) {
        return {.destination = static_cast<std::uint32_t>(entry >> irqchip::kRedDestinationShift),
                .logical = (entry & irqchip::kRedLogical) != 0,
                .wide = false,
                .mode = irqchip::delivery_mode(entry),
                .vector = static_cast<std::uint8_t>(entry),
                .level = (entry & irqchip::kRedLevel) != 0};
    }

    Links links_;
    Errands errands_;
    Turns turns_;
    ErrandTimers timers_;
    Part pics_, io_apic_;
    std::unique_ptr<Part> pit_;
    ApicBus bus_;
    std::vector<std::unique_ptr<LockedProcessor>> processors_;
    std::vector<Window> windows_;
    std::vector<Range> ports_;
    const std::uint32_t pic_rise_ = pics_.source("rise"), pic_fall_ = pics_.source("fall"),
                        pic_inta_ = pics_.source("inta"), pic_vector_ = pics_.sink("vector");
    const std::uint32_t pin_rise_ = io_apic_.source("rise"), pin_fall_ = io_apic_.source("fall"),
                        end_ = io_apic_.source("eoi");
    const std::uint32_t pic_hears_ = pics_.derived("hears_timer"), io_hears_ = io_apic_.derived("hears_timer"),
                        timer_vector_ = io_apic_.derived("timer_vector");
    TickDebt debt_{[this](bool asserted) { drive(0, asserted); }, [this] { return hears_timer(); }};
    std::array<bool, kGsis> levels_{};
    bool intr_ = false, nmi_ = false;
};

}  // namespace

std::unique_ptr<IrqChip> make_irq_chip(const IrqChip::Config& config, const IrqChip::Links& links) {
    return std::make_unique<DescribedIrqChip>(config, links);
}

}  // namespace nyx::dev::board
