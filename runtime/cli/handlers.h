// The handlers of the machine that runs (docs/handlers.md): functions of its program, called on the control thread.
//
//     handlers.output(…)   around the sinks of serial ports, before the machine is made
//     handlers.attach(…)   once it is made
//     handlers.finish()    when its run has ended, before it goes
//
// The lines of serial ports come from the vCPUs' threads and wait until the control thread gets to them; everything
// else belongs to that thread. A mistake of a handler is reported, and decides nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/cli/serial_lines.h"
#include "runtime/machine/machine.h"
#include "runtime/script/interpreter.h"

namespace nyx::cli {

class Handlers final : public vm::EventListener {
  public:
    static constexpr std::uint64_t kSteps = 10'000'000;  // of one call
    static constexpr std::size_t kMostWaiting = 1024;    // lines
    static constexpr unsigned kMostMistakes = 10;        // then a handler is not called any more

    // The interpreter has described the machine, and outlives this.
    Handlers(script::Interpreter& interpreter, std::string machine);

    bool empty() const { return handlers_.empty(); }
    // What stands before the sink of a serial port; the sink itself where nobody wants lines.
    dev::ByteSink& output(const std::string& device, dev::ByteSink& sink);
    void attach(vm::Machine& machine, vm::EventLoop& loop);
    void finish();

    vm::Recovery happened(const vm::Event& event) override;

  private:
    struct Handler {
        const script::EventHandler* declared;
        unsigned mistakes = 0;
    };
    struct Line {
        std::string device;
        std::string text;
    };
    using Told = std::vector<std::pair<std::string, script::Value>>;  // the fields of `ctx`

    bool listens_to(std::string_view event) const;
    // Of all handlers of the event; the last wish counts.
    vm::Recovery tell(std::string_view event, std::uint64_t time_ns, Told told, bool by_host);
    bool call(Handler& handler, const script::Value& context);
    void complain(Handler& handler, const script::ScriptError& error);
    Told told_of(const vm::Event& event);
    // Any thread.
    void line_came(const std::string& device, std::string text);
    std::size_t tell_lines(std::size_t most);
    void tell_some_lines();
    void do_to_machine(vm::Recovery wish);

    script::Interpreter& interpreter_;
    const std::string machine_name_;
    const std::vector<const script::MachineConfig*> levels_;
    std::vector<Handler> handlers_;
    script::HostObject* own_;  // what `log` and `recover` are, in the interpreter's heap
    std::list<SerialLines> sinks_;
    vm::Machine* machine_ = nullptr;
    vm::EventLoop* loop_ = nullptr;

    std::mutex mutex_;  // of the rest
    std::deque<Line> waiting_;
    bool is_posted_ = false;  // tell_some_lines() will come
    std::uint64_t lost_ = 0;
};

}  // namespace nyx::cli
