// A machine as scripts hold it, and what running one does.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/script/machine_config.h"
#include "runtime/script/objects.h"

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

// What a script asks for and this build does not have: "snapshots".
tl::unexpected<ScriptError> not_in_this_build(std::string_view what);

}  // namespace nyx::script
