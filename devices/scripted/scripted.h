// A device whose accesses are calls of a script's class (docs/devices.md, "Classes").
//
// One register a bank, an access one call of `io_read(port, width)`, `io_write(port, value, width)`,
// `mmio_read(address, width)` or `mmio_write(address, value, width)`; a method may leave out the width. The end of a
// timer is a call of `on_TIMER()`, a byte from the host one of `on_SOURCE(byte)`, where `accepts_SOURCE()` allows it,
// an event one of `on_EVENT()`. A mistake of the class, and what is no number, reads as all ones; a call with a mistake
// has done what came before it. After every operation sinks, timers and lines follow what the class has said.
#pragma once

#include <memory>
#include <set>

#include "devices/ir/program.h"
#include "devices/kit/device_type.h"
#include "devices/scripted/alarms.h"
#include "devices/scripted/instance.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::dev::scripted {

class Scripted final : public Device, public ByteReceiver, public PowerButton {
  public:
    static constexpr unsigned kMostMistakes = 10;  // that are told
    static constexpr unsigned kMostLines = 1000;   // that it prints

    // program: with `script`, verified, and with the device's settings; it is copied. code outlives the device.
    static Result<std::unique_ptr<Device>> create(const ir::Program& program, const plan::DevicePlan& plan,
                                                  const script::Program& code, const Environment& environment);

    std::span<const Register> registers() const override { return registers_; }
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override;
    void save(StateWriter& state) const override;
    Status restore(StateReader& state) override;
    std::uint32_t state_version() const override { return program_.version; }
    std::string_view state_name(std::uint32_t id) const override;
    std::string state_text(const StateField& field) const override;
    // The compiler makes no code for a class, so what it made for the others leaves this device to the table.
    bool attach_native(ir::NativeContext&) override { return true; }

    ByteReceiver* byte_receiver() override { return bytes_.empty() ? nullptr : this; }
    PowerButton* power_button() override { return has_power_button_ ? this : nullptr; }
    std::size_t receive(std::span<const std::uint8_t> bytes) override;
    void receive_break() override;
    void press_power_button() override;

  private:
    Scripted(const ir::Program& program, const plan::DevicePlan& plan, const script::Program& code,
             const Environment& environment);

    Result<std::unique_ptr<Instance>> fresh();
    std::string_view method(const Access& access, bool is_write) const;
    script::Value address(const Access& access) const;
    // Nothing: there was a mistake, which was told.
    std::optional<script::Value> call(std::string_view method, std::span<const script::Value> arguments);
    void begin();
    void conclude();
    void drive_lines();
    bool accepts();
    void offer_room();
    void complain(const std::string& mistake);

    const ir::Program program_;
    const plan::DevicePlan plan_;
    const script::Program& code_;
    const Environment environment_;
    std::vector<Register> registers_;
    std::map<std::string, script::Value> values_;  // of the device's parameters
    std::string bytes_;                            // the source that takes the host's bytes; empty: there is none
    bool has_line_break_ = false, has_power_button_ = false;
    mutable Alarms alarms_;
    std::unique_ptr<Instance> instance_;      // null: it could not be made again
    mutable std::vector<std::string> names_;  // of what save() wrote, by id
    mutable std::set<std::string> unsaved_;   // what was told of that
    bool input_waits_ = false;                // the caller of receive() waits for input_room
    unsigned mistakes_ = 0, lines_ = 0;
};

}  // namespace nyx::dev::scripted
