// Machines while a script describes them: the recorder that instructions and natives fill, and the object that scripts
// hold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/script/heap.h"
#include "runtime/script/machine_config.h"
#include "runtime/script/natives.h"
#include "runtime/script/program.h"

namespace nyx::script {

// A machine as a value: what `machine web { … }` declares and what the builder's build() returns.
struct MachineObject final : HostObject {
    std::string_view type_name() const override { return "machine"; }
    NativeResult member(Interpreter& interpreter, std::string_view name) override;
    void trace(Marker& marker) const override;
    MachineConfig config;
};

// What `.run()` on a machine does: nothing in the build stage but stop there, a real run in the run stage.
class RunHooks {
  public:
    RunHooks() = default;
    RunHooks(const RunHooks&) = delete;
    RunHooks& operator=(const RunHooks&) = delete;
    virtual ~RunHooks() = default;
    // The value of `.run()` (an exit code), or an error; of kind kStop to end the script here without one.
    virtual NativeResult run(Interpreter& interpreter, MachineObject& machine) = 0;
    // Nanoseconds since 1970, which never go back in one run. The build stage has no clock: there it is always 0.
    virtual std::int64_t now() const { return 0; }
};

// Not thread-safe; belongs to one interpreter.
class MachineRecorder {
  public:
    // depth: of the call stack, so that a machine whose body was left by an error can be dropped.
    void begin(Heap& heap, const MachineShape& shape, std::size_t depth);
    void begin_device(const DeviceShape& shape);
    void end_device() { in_device_ = false; }
    void set(const SettingShape& shape, const Value& value);
    // A statement with a mistake might have set this field; it might have set anything.
    void forget(const SettingShape& shape);
    void mark_incomplete();
    void require(Requirement requirement);
    void test(Test test);
    void on(EventHandler handler);
    void need(std::string what, Span where);
    // The part of a setting or of a condition that was just evaluated. At most kMostNotes are kept, one for each place.
    void note(Span where, const Value& value);
    std::vector<Note> take_notes() { return std::exchange(notes_, {}); }
    static constexpr std::size_t kMostNotes = 32;
    // The finished machine, now also in finished(). Null when none was begun: only corrupt bytecode does that.
    MachineObject* end();
    void finish(MachineObject* machine) { finished_.push_back(machine); }
    void abandon(std::size_t depth);

    bool open() const { return !open_.empty(); }
    bool in_device() const { return in_device_; }
    // The latest value of that field in the device or machine being described.
    std::optional<Value> field(std::string_view name) const;
    const std::vector<MachineObject*>& finished() const { return finished_; }
    void trace(Marker& marker) const;

  private:
    struct Open {
        MachineObject* machine;
        std::size_t depth;
    };
    std::vector<Open> open_;
    bool in_device_ = false;
    std::vector<MachineObject*> finished_;
    std::vector<Note> notes_;
};

// The machine of that name and those that it extends, itself last; the boards of stdlib are not among them.
std::vector<const MachineConfig*> levels_of(std::span<const MachineConfig* const> machines, std::string_view name);
// Of all levels, in the order of the source.
std::vector<const EventHandler*> handlers_of(std::span<const MachineConfig* const> levels);
// As the last level that sets the field has it.
std::optional<Value> setting_of(std::span<const MachineConfig* const> levels, std::string_view field);

// What stdlib/vm_production.ny is written with: __machine_new, __machine_set …
std::span<const NativeSpec> machine_natives();

}  // namespace nyx::script
