// The host's ends of a machine's byte devices: opened by the wiring, and kept for the length of a run.
//
// Opened before the machine, destroyed after it (which writes out what is pending). Belongs to the main thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/backend/backend.h"
#include "runtime/cli/escape_key.h"
#include "runtime/cli/input_pump.h"
#include "runtime/machine/machine.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::cli {

class Consoles {
  public:
    // serial: for the first serial port, instead of what the wiring says.
    static Result<std::unique_ptr<Consoles>> open(const plan::MachinePlan& plan, const plan::HostWiring& wiring,
                                                  const std::optional<dev::BackendSpec>& serial);

    // Of a device without a backend: a sink that drops.
    dev::ByteSink& output(const std::string& device);
    // Carries input to the machine's devices from now on. typed: what stands between the terminal and its device.
    Status connect(vm::Machine& machine, vm::EventLoop& loop, InputPump::Filter typed);
    void disconnect() { pumps_.clear(); }
    void room(const std::string& device);

    // A device's input comes from standard input.
    bool uses_stdin() const;
    // "com1: pseudo-terminal /dev/pts/4", for those that a person must be told.
    std::vector<std::string> announcements() const;
    // "com1 dropped 12 bytes …", where something was lost.
    std::vector<std::string> losses() const;

  private:
    struct End {
        dev::BackendKind kind = dev::BackendKind::kNull;
        std::unique_ptr<dev::Backend> backend;
    };
    struct NullSink final : dev::ByteSink {
        void write(std::span<const std::uint8_t>) override {}
    };

    std::map<std::string, End> ends_;
    NullSink nowhere_;
    std::map<std::string, std::unique_ptr<InputPump>> pumps_;
};

}  // namespace nyx::cli
