#include "runtime/cli/handlers.h"

#include <algorithm>
#include <cstdio>

#include "runtime/base/log.h"
#include "runtime/base/printable.h"
#include "runtime/cli/handler_words.h"
#include "runtime/script/machine_levels.h"

namespace nyx::cli {

using script::Type;
using script::Value;
using vm::Recovery;

namespace {

constexpr std::size_t kLinesAtOnce = 64;  // then the control thread looks at everything else

std::vector<const script::MachineConfig*> described(script::Interpreter& interpreter) {
    std::vector<const script::MachineConfig*> machines;
    for (const script::MachineObject* machine : interpreter.machines().finished()) machines.push_back(&machine->config);
    return machines;
}

std::string_view name_of(vm::Event::Kind kind) {
    switch (kind) {
        case vm::Event::Kind::kReset:
            return "reset";
        case vm::Event::Kind::kShutdown:
            return "shutdown";
        case vm::Event::Kind::kExit:
            return "guest_exit";
        case vm::Event::Kind::kPanic:
            return "panic";
        case vm::Event::Kind::kTripleFault:
            return "triple_fault";
    }
    return "";
}

Value integer(std::uint64_t number) {
    return Value::integer(static_cast<std::int64_t>(number));
}

}  // namespace

Handlers::Handlers(script::Interpreter& interpreter, std::string machine)
    : interpreter_(interpreter),
      machine_name_(std::move(machine)),
      levels_(script::levels_of(described(interpreter), machine_name_)),
      own_(interpreter.heap().make<HandlerWords>(machine_name_)) {
    interpreter.heap().pin(Value(own_));
    for (const script::EventHandler* one : script::handlers_of(levels_)) handlers_.push_back({one});
}

bool Handlers::listens_to(std::string_view event) const {
    return std::any_of(handlers_.begin(), handlers_.end(),
                       [event](const Handler& handler) { return handler.declared->event == event; });
}

dev::ByteSink& Handlers::output(const std::string& device, dev::ByteSink& sink) {
    if (!listens_to("serial_line")) return sink;
    return sinks_.emplace_back(sink, [this, device](std::string text) { line_came(device, std::move(text)); });
}

void Handlers::attach(vm::Machine& machine, vm::EventLoop& loop) {
    machine_ = &machine;
    loop_ = &loop;
    machine.listen(this);
}

// ---- Calls
// --------------------------------------------------------------------------------------------------------------

Recovery Handlers::happened(const vm::Event& event) {
    tell_lines(kMostWaiting);  // what the guest said before
    std::string_view name = name_of(event.kind);
    return listens_to(name) ? tell(name, event.time_ns, told_of(event), event.by_host) : Recovery::kNone;
}

Handlers::Told Handlers::told_of(const vm::Event& event) {
    script::Heap& heap = interpreter_.heap();
    switch (event.kind) {
        case vm::Event::Kind::kReset:
        case vm::Event::Kind::kShutdown:
            return {{"reason", heap.string(event.reason)}};
        case vm::Event::Kind::kExit:
            return {{"status", Value::integer(event.status)}};
        case vm::Event::Kind::kPanic:
            return {{"crash_loaded", Value::boolean(event.crash_loaded)}};
        case vm::Event::Kind::kTripleFault:
            return {{"cpu", integer(event.cpu)}, {"rip", integer(event.rip)}, {"address", integer(event.address)}};
    }
    return {};
}

Recovery Handlers::tell(std::string_view event, std::uint64_t time_ns, Told told, bool by_host) {
    auto* context = interpreter_.heap().make<script::Record>(std::string(event), Span{}, Span{});
    told.emplace_back("time", Value::quantity(Type::kTime, static_cast<std::int64_t>(time_ns)));
    for (auto& [field, value] : told) context->fields.push_back({field, value, Span{}, Span{}});
    script::Interpreter::Root root(interpreter_, Value(context));
    auto& words = static_cast<HandlerWords&>(*own_);
    Recovery wish = Recovery::kNone;
    for (Handler& handler : handlers_) {
        if (handler.declared->event != event || handler.mistakes >= kMostMistakes) continue;
        words.wish(Recovery::kNone);
        bool is_well = call(handler, Value(context));
        Recovery own = words.take_wish();
        if (is_well && own != Recovery::kNone) wish = own;
    }
    std::fflush(stdout);
    if (by_host && wish != Recovery::kNone)
        words.write_line("warning", fmt::format("recover in `on {}`: the host has decided", event));
    return by_host ? Recovery::kNone : wish;
}

// False: it made a mistake.
bool Handlers::call(Handler& handler, const Value& context) {
    auto& words = static_cast<HandlerWords&>(*own_);
    auto read = [&](std::string_view name) {
        auto word = words.word(interpreter_, name);
        return word ? word : script::setting_of(levels_, name);
    };
    const auto* function = handler.declared->body.try_as<script::Closure>();
    std::size_t count = function != nullptr && !function->function->parameters.empty() ? 1 : 0;
    script::Interpreter::Steps before = interpreter_.use_steps({kSteps, kSteps});
    auto result = interpreter_.call_with_fields(handler.declared->body, read, std::span(&context, count));
    interpreter_.use_steps(before);
    if (!result) complain(handler, result.error());
    return result.has_value();
}

void Handlers::complain(Handler& handler, const script::ScriptError& error) {
    Span where = error.user_where.known() ? error.user_where : handler.declared->where;
    std::string text = fmt::format("{}: in the handler of `{}`: {}", place_text(interpreter_.program(), where),
                                   handler.declared->event, printable(error.message));
    if (++handler.mistakes == kMostMistakes) text += "; it is not run any more";
    log_line(LogLevel::kError, text);
}

// ---- Lines
// --------------------------------------------------------------------------------------------------------------

void Handlers::line_came(const std::string& device, std::string text) {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) {
        ++lost_;
        return;
    }
    waiting_.push_back({device, std::move(text)});
    if (!is_posted_) loop_->post([this] { tell_some_lines(); });
    is_posted_ = true;
}

void Handlers::tell_some_lines() {
    std::size_t left = tell_lines(kLinesAtOnce);
    std::lock_guard lock(mutex_);
    is_posted_ = left > 0;
    if (is_posted_) loop_->post([this] { tell_some_lines(); });
}

// How many still wait.
std::size_t Handlers::tell_lines(std::size_t most) {
    for (; most > 0; --most) {
        Line line;
        {
            std::lock_guard lock(mutex_);
            if (waiting_.empty()) return 0;
            line = std::move(waiting_.front());
            waiting_.pop_front();
        }
        script::Heap& heap = interpreter_.heap();
        Told told{{"device", heap.string(line.device)}, {"text", heap.string(valid_utf8(line.text))}};
        Recovery wish = tell("serial_line", machine_->time_ns(), std::move(told), false);
        if (wish != Recovery::kNone) loop_->post([this, wish] { do_to_machine(wish); });
    }
    std::lock_guard lock(mutex_);
    return waiting_.size();
}

// The guest has gone on since it wrote the line.
void Handlers::do_to_machine(Recovery wish) {
    bool runs = machine_ != nullptr && machine_->state() == vm::State::kRunning;
    if (!runs) return;
    if (wish == Recovery::kPause) machine_->pause();
    if (wish == Recovery::kShutdown) machine_->request_stop("ended by a handler of `serial_line`");
    if (wish != Recovery::kReset) return;
    if (auto done = machine_->reset("recover reset"); !done) log_warning("{}", done.error().text());
}

void Handlers::finish() {
    tell_lines(kMostWaiting);
    machine_->listen(nullptr);
    machine_ = nullptr;
    std::lock_guard lock(mutex_);
    if (lost_ != 0) log_warning("{} serial lines came faster than their handlers took them, and were lost", lost_);
}

}  // namespace nyx::cli
