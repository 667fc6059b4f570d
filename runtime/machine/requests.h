// What somebody wants from the machine as a whole: noted from any thread, decided by the machine's own.
//
// The first request stands until it is taken. What a guest asks meanwhile is dropped, because seen from the standing
// request it no longer runs (after a PanicReport with a crash kernel it does); a StopRequest of the host takes the
// place of any other. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "devices/kit/services.h"
#include "runtime/base/result.h"
#include "runtime/hv/exit.h"

namespace nyx::vm {

struct ResetRequest {
    std::string reason;
    bool is_fatal = false;  // the guest cannot go on without it
};
struct PowerOffRequest {
    std::string reason;
};
struct ExitRequest {
    int status = 0;
};
// The host ends the run: a signal, the escape key, the control socket.
struct StopRequest {
    std::string reason;
};
struct PanicReport {
    bool crash_loaded = false;  // the guest goes on, in its crash kernel; any other request takes this one's place
};
// A vCPU came back with an exit after which it cannot go on.
struct FatalExit {
    std::uint32_t vcpu = 0;
    hv::Exit exit;
};
// KVM_RUN itself failed.
struct RunError {
    std::uint32_t vcpu = 0;
    Error error;
};

using Request = std::variant<ResetRequest, PowerOffRequest, ExitRequest, StopRequest, PanicReport, FatalExit, RunError>;

class Requests final : public dev::MachineControl {
  public:
    // `made` is called after each request that stands, by the thread that made it.
    explicit Requests(std::function<void()> made) : made_(std::move(made)) {}

    void make(Request request);
    std::optional<Request> take();
    bool standing() const;
    // After a reset: what the guest asked for before it no longer counts. A StopRequest stays.
    void forget_guest();

    void request_reset(std::string_view reason) override { make(ResetRequest{std::string(reason)}); }
    void request_power_off(std::string_view reason) override { make(PowerOffRequest{std::string(reason)}); }
    void request_exit(int status) override { make(ExitRequest{status}); }
    void guest_panicked(bool crash_loaded) override { make(PanicReport{crash_loaded}); }

  private:
    std::function<void()> made_;
    mutable std::mutex mutex_;
    std::optional<Request> standing_;
};

}  // namespace nyx::vm
