#include "runtime/cli/control_api.h"

#include <unistd.h>

#include <future>

#include "runtime/cli/device_views.h"
#include "runtime/control/names.h"

namespace nyx::cli {

using nlohmann::json;

namespace {

const char* state_name(vm::State state) {
    switch (state) {
        case vm::State::kCreated:
            return "created";
        case vm::State::kRunning:
            return "running";
        case vm::State::kPaused:
            return "paused";
        case vm::State::kStopped:
            return "stopped";
    }
    return "";
}

tl::unexpected<Error> has_ended() {
    return fail(ErrorCode::kInvalidArgument, "the machine has ended");
}

}  // namespace

Result<std::unique_ptr<ControlApi>> ControlApi::open(const std::string& name, bool exact, const Facts& facts,
                                                     vm::Machine& machine, vm::EventLoop& loop) {
    NYX_ASSIGN(std::string own, control::free_name(name, exact));
    std::unique_ptr<ControlApi> api(new ControlApi(own, facts, machine, loop));
    NYX_ASSIGN(api->server_, control::Server::start(own, *api));
    return api;
}

ControlApi::~ControlApi() {
    ended_ = true;
    server_.reset();
}

Result<json> ControlApi::on_loop(Task task) {
    auto answer = std::make_shared<std::promise<Result<json>>>();
    std::future<Result<json>> future = answer->get_future();
    loop_.post([answer, task = std::move(task)] { answer->set_value(task()); });
    while (future.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
        if (ended_) return has_ended();
    }
    return future.get();
}

json ControlApi::status_now() const {
    auto uptime = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
    return {{"name", name_},
            {"state", state_name(machine_.state())},
            {"cpus", machine_.plan().cpu.count},
            {"memory", machine_.plan().memory_size},
            {"plan_hash", facts_.plan_hash},
            {"device_code", facts_.native},
            {"uptime_ms", uptime.count()},
            {"pid", ::getpid()}};
}

Result<json> ControlApi::status() {
    return on_loop([this]() -> Result<json> { return status_now(); });
}

Result<json> ControlApi::exits() {
    return on_loop([this]() -> Result<json> {
        json registers = json::array();
        for (const auto& row : machine_.exits().rows) {
            registers.push_back({{"device", row.device},
                                 {"register", row.reg},
                                 {"direction", row.is_write ? "write" : "read"},
                                 {"count", row.count},
                                 {"without_exit", row.without_exit}});
        }
        return json{{"registers", registers}};
    });
}

Result<json> ControlApi::devices() {
    return on_loop([this]() -> Result<json> { return devices_json(machine_.inspect()); });
}

Result<json> ControlApi::pause() {
    return on_loop([this]() -> Result<json> {
        if (machine_.state() == vm::State::kRunning) machine_.pause();
        return machine_.state() == vm::State::kPaused ? Result<json>(status_now()) : has_ended();
    });
}

Result<json> ControlApi::resume() {
    return on_loop([this]() -> Result<json> {
        if (machine_.state() == vm::State::kPaused) machine_.resume();
        return machine_.state() == vm::State::kRunning ? Result<json>(status_now()) : has_ended();
    });
}

Result<json> ControlApi::reset() {
    return on_loop([this]() -> Result<json> {
        if (machine_.state() != vm::State::kRunning && machine_.state() != vm::State::kPaused) return has_ended();
        NYX_TRY(machine_.reset());
        return status_now();
    });
}

Result<json> ControlApi::powerdown() {
    return on_loop([this]() -> Result<json> {
        if (machine_.press_power_button()) return status_now();
        return fail(Error{ErrorCode::kUnsupported, "the machine has no power button",
                          "`nyx stop` ends it without asking the guest"});
    });
}

Result<json> ControlApi::stop() {
    machine_.request_stop("ended by `nyx stop`");
    return json{{"name", name_}, {"state", "stopped"}};
}

}  // namespace nyx::cli
