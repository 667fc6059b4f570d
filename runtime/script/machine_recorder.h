// Machines while a script describes them: what its instructions and natives fill.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/script/heap.h"
#include "runtime/script/machine_object.h"
#include "runtime/script/program.h"

namespace nyx::script {

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

}  // namespace nyx::script
