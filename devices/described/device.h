// A device that is described in Nyx, run as its program stands: the reference for native code.
//
// Order inside an operation (docs/devices.md): the register is chosen by the guards on the state before it, the handler
// or the kind acts, the lines follow. Its thread-safety is dev::Device's.
#pragma once

#include <memory>
#include <optional>

#include "devices/described/register_values.h"
#include "devices/described/timers.h"
#include "devices/ir/known_bits.h"
#include "devices/ir/native_abi.h"
#include "devices/kit/device_type.h"
#include "devices/kit/exit_free.h"

namespace nyx::dev::described {

// What takes the words of every sink, by its number: for who knows the program's ports, as tests of it do. Called with
// the device's lock held.
class Outlets {
  public:
    virtual ~Outlets() = default;
    virtual void take(std::uint32_t sink, std::uint64_t value) = 0;
    // Inside an operation: the device must not be called. Where nobody answers: ones.
    virtual std::uint64_t reply(std::uint32_t /*query*/, std::uint64_t /*about*/) { return ~std::uint64_t{0}; }
    // What the device is to the others of its machine, through what stands behind it; null: nothing.
    virtual PciHost* pci_host() { return nullptr; }
};

class Described final : public Device,
                        public ByteReceiver,
                        public PowerButton,
                        public ExitFreePaths,
                        private Surroundings {
  public:
    // The program has been verified and outlives the device. kUnsupported: it has more sinks, sources, queries or lines
    // than `environment` offers. With `outlets`, which outlive it too, sinks and queries go there and signal() brings
    // the sources: then any number of them fits.
    static Result<std::unique_ptr<Described>> create(const ir::Program& program, const Environment& environment,
                                                     Outlets* outlets = nullptr);
    // The same with a program of its own, and with outlets that are its own.
    static Result<std::unique_ptr<Described>> create(std::unique_ptr<const ir::Program> program,
                                                     const Environment& environment,
                                                     std::unique_ptr<Outlets> outlets = nullptr);

    std::span<const Register> registers() const override { return registers_; }
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override;
    std::vector<RegisterField> fields_of(std::uint32_t reg) const override;
    std::optional<std::uint64_t> look_at(std::uint32_t reg, std::uint32_t index) const override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& reader) override;
    std::uint32_t state_version() const override { return program_.version; }
    std::string_view state_name(std::uint32_t id) const override;

    ByteReceiver* byte_receiver() override { return bytes_ == ir::kNone ? nullptr : this; }
    PowerButton* power_button() override { return power_button_ == ir::kNone ? nullptr : this; }
    std::size_t receive(std::span<const std::uint8_t> bytes) override;
    void receive_break() override;
    void press_power_button() override;

    PciHost* pci_host() override { return outlets_ == nullptr ? nullptr : outlets_->pci_host(); }

    ExitFreePaths* exit_free_paths() override { return this; }
    const ExitFree& exit_free() const override;
    bool may_queue(std::size_t which) const override;
    void fill_page(const ReadPage& page, ReadPageBytes bytes) const override;
    void on_change(std::function<void()> changed) override;

    bool attach_native(ir::NativeContext& context) override;

    // Called when an operation has ended and the lines are driven, also a reset or a restore: for who follows derived
    // values. Once, by the device's companion.
    void when_settled(std::function<void()> settled);

    const ir::Program& program() const { return program_; }
    // What a read of the register would give, without its effects: for inspection.
    std::uint64_t peek(std::uint32_t reg, std::uint64_t index = 0) const { return values_.peek(reg, index); }
    // What a function that changes nothing gives: a derived value, a question of a test.
    std::uint64_t evaluate(std::uint32_t function, std::span<const std::uint64_t> arguments = {}) const {
        return interpreter_.call(function, arguments);
    }
    // An input of the program other than its stream of bytes; false: it does not accept one now.
    bool signal(std::uint32_t source, std::uint64_t value);
    // The first invariant that does not hold; empty: all do.
    std::string broken_invariant() const;
    std::span<const std::uint8_t> state_bytes() const { return state_.bytes(); }
    // A field of the program's state, by its index.
    std::uint64_t value(std::uint32_t field, std::uint64_t index = 0) const { return state_.get(field, index); }

  private:
    Described(const ir::Program& program, const Environment& environment, Outlets* outlets);

    void know_sources();
    void power_on();
    Status take_over(StateReader& reader);
    std::uint64_t call(std::uint32_t function, std::initializer_list<std::uint64_t> arguments = {}) const {
        return interpreter_.call(function, arguments);
    }
    bool holds(std::uint32_t guard) const { return interpreter_.holds(guard); }
    std::uint64_t gap_value(std::uint32_t bank) const;
    static const ir::NativeHost& native_host();
    void conclude();
    void drive_lines();
    void finish();
    void offer_room();
    void keep_native_informed();

    void emit(std::uint32_t sink, std::uint64_t value) override;
    std::uint64_t answer(std::uint32_t query, std::uint64_t about) override;
    void arm(std::uint32_t timer, std::uint64_t ticks) override { timers_.arm(timer, ticks); }
    void cancel(std::uint32_t timer) override { timers_.cancel(timer); }
    bool is_running(std::uint32_t timer) override { return timers_.is_running(timer); }
    std::uint64_t elapsed(std::uint32_t timer) override { return timers_.elapsed(timer); }
    std::uint64_t wall_time() override { return static_cast<std::uint64_t>(environment_.clock.wall_ns()); }
    void ask(ir::Control what, std::uint64_t value) override;

    std::unique_ptr<const ir::Program> owned_;  // null: the caller's
    const ir::Program& program_;
    Environment environment_;
    std::unique_ptr<Outlets> owned_outlets_;  // null: the caller's
    Outlets* outlets_;                        // none: sinks go to environment_.output
    State state_;
    TimerSet timers_;
    mutable Interpreter interpreter_;  // its temporaries; guards are asked by const functions too
    RegisterMap map_;
    RegisterValues values_;
    std::vector<Register> registers_;
    ir::NativeContext* native_ = nullptr;
    // Found when it is asked for: the search takes a while, and only KVM needs it.
    mutable std::optional<ExitFree> exit_free_;
    mutable std::vector<std::vector<ir::ModeBit>> conditions_;  // of exit_free_->queued
    std::function<void()> changed_, settled_;
    // Sources by what the machine has for them: a stream of bytes, and events by their names.
    std::uint32_t bytes_ = ir::kNone, line_break_ = ir::kNone, power_button_ = ir::kNone;
    bool input_waits_ = false;  // the caller of receive() waits for input_room
};

}  // namespace nyx::dev::described
