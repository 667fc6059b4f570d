// The control socket of a running machine: requests become tasks of the machine's own thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "runtime/control/routes.h"
#include "runtime/control/server.h"
#include "runtime/machine/machine.h"

namespace nyx::cli {

class ControlApi : public control::Operations {
  public:
    // What the status says beside the machine itself.
    struct Facts {
        std::string plan_hash;
        std::string native;  // RunResult::native
    };
    // Opens the socket. name: of the machine; a number is added when it is taken, unless `exact`. machine and loop
    // outlive this.
    static Result<std::unique_ptr<ControlApi>> open(const std::string& name, bool exact, const Facts& facts,
                                                    vm::Machine& machine, vm::EventLoop& loop);
    // Requests that still wait are refused.
    ~ControlApi() override;

    const std::string& name() const { return name_; }

    Result<nlohmann::json> status() override;
    Result<nlohmann::json> exits() override;
    Result<nlohmann::json> devices() override;
    Result<nlohmann::json> pause() override;
    Result<nlohmann::json> resume() override;
    Result<nlohmann::json> reset() override;
    Result<nlohmann::json> powerdown() override;
    Result<nlohmann::json> stop() override;

  private:
    using Task = std::function<Result<nlohmann::json>()>;
    ControlApi(std::string name, Facts facts, vm::Machine& machine, vm::EventLoop& loop)
        : name_(std::move(name)), facts_(std::move(facts)), machine_(machine), loop_(loop) {}

    // Runs the task on the loop's thread and waits for what it says.
    Result<nlohmann::json> on_loop(Task task);
    nlohmann::json status_now() const;

    std::string name_;
    Facts facts_;
    vm::Machine& machine_;
    vm::EventLoop& loop_;
    std::atomic<bool> ended_ = false;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::unique_ptr<control::Server> server_;  // gone first, so that no request meets a half-destroyed object
};

}  // namespace nyx::cli
