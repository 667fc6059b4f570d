#include "compiler/testing/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/testing/expect_http.h"
#include "compiler/testing/fields.h"

namespace nyx::testing {

using script::Args;
using script::ErrorKind;
using script::Interpreter;
using script::NativeResult;
using script::Type;
using script::Value;

namespace {

constexpr std::int64_t kUsualWait = 10'000'000'000;       // ns
constexpr std::int64_t kLongestWait = 3'600'000'000'000;  // ns
constexpr std::size_t kSerialLines = 8;

// What the functions of a test work on; the script sees it as `expect`.
class Session final : public script::HostObject {
  public:
    Session(const model::Machine& machine, const source::SourceMap& sources, const Boot& boot)
        : machine_(machine), sources_(sources), boot_(boot) {}

    std::string_view type_name() const override { return "expect"; }
    NativeResult member(Interpreter& interpreter, std::string_view name) override;
    void trace(script::Marker&) const override {}

    NativeResult boot(Interpreter& interpreter);
    NativeResult send(Interpreter& interpreter, const Args& args);
    NativeResult check(Interpreter& interpreter, const Args& args);
    NativeResult serial(Interpreter& interpreter, const Args& args);
    NativeResult exit(Interpreter& interpreter, const Args& args);
    NativeResult poweroff(Interpreter& interpreter, const Args& args);
    NativeResult http(Interpreter& interpreter, const Args& args);

    Value function(Interpreter& interpreter, std::string_view name);
    void finish();
    Report& report() { return report_; }

  private:
    // Ends the test: nothing in it can catch this.
    NativeResult failed(Interpreter& interpreter, std::string message, Outcome outcome = Outcome::kFailed);
    NativeResult misused(std::string message) { return script::script_error(ErrorKind::kType, "{}", message); }
    NativeResult ended(Interpreter& interpreter, const Args& args, int code, const std::string& what);

    const model::Machine& machine_;
    const source::SourceMap& sources_;
    const Boot& boot_;
    std::unique_ptr<Guest> guest_;
    Report report_;
};

std::string last_line(const std::string& text) {
    std::size_t end = text.find_last_not_of("\r\n");
    if (end == std::string::npos) return {};
    std::size_t begin = text.find_last_of('\n', end);
    return text.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

std::vector<std::string> last_lines(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        std::erase(line, '\r');
        if (!line.empty()) lines.push_back(std::move(line));
        begin = end + 1;
    }
    if (lines.size() > kSerialLines) lines.erase(lines.begin(), lines.end() - kSerialLines);
    return lines;
}

// `within: 10 s`; nothing: it is no time, or too long.
std::optional<Time> patience(const Args& args, std::size_t place) {
    const Value* within = args.find(place, "within");
    if (!within || within->is_null()) return Time(kUsualWait);
    if (!within->is(Type::kTime) || within->as_int() < 0 || within->as_int() > kLongestWait) return std::nullopt;
    return Time(within->as_int());
}

std::string time_text(Time time) {
    return script::to_text(Value::quantity(Type::kTime, time.count()));
}

Session& self_of(const Args& args) {
    return *static_cast<Session*>(args.positional[0].as_object());
}

struct Function {
    std::string_view name;
    std::vector<std::string> parameters;
    std::size_t required;
    script::NativeFn run;
};

// As the reader of fields and the members of `expect` find them.
const std::vector<Function>& functions() {
    static const std::vector<Function> kAll = {
        {"boot()", {"self"}, 1, [](Interpreter& i, const Args& a) { return self_of(a).boot(i); }},
        {"send()", {"self", "text"}, 2, [](Interpreter& i, const Args& a) { return self_of(a).send(i, a); }},
        {"expect()",
         {"self", "condition", "message"},
         2,
         [](Interpreter& i, const Args& a) { return self_of(a).check(i, a); }},
        {"serial",
         {"self", "text", "within"},
         2,
         [](Interpreter& i, const Args& a) { return self_of(a).serial(i, a); }},
        {"exit", {"self", "code", "within"}, 2, [](Interpreter& i, const Args& a) { return self_of(a).exit(i, a); }},
        {"poweroff", {"self", "within"}, 1, [](Interpreter& i, const Args& a) { return self_of(a).poweroff(i, a); }},
        {"http",
         {"self", "port", "status", "path", "body", "within"},
         2,
         [](Interpreter& i, const Args& a) { return self_of(a).http(i, a); }},
    };
    return kAll;
}

Value Session::function(Interpreter& interpreter, std::string_view name) {
    auto found =
        std::find_if(functions().begin(), functions().end(), [&](const Function& f) { return f.name == name; });
    if (found == functions().end()) return Value::unset();
    auto* native = interpreter.heap().make<script::Native>(std::string(name), found->run);
    native->parameters = found->parameters;
    native->required = found->required;
    return interpreter.heap().make<script::Method>(Value(this), native);
}

NativeResult Session::member(Interpreter& interpreter, std::string_view name) {
    Value found = function(interpreter, name);
    if (!found.is(Type::kUnset)) return found;
    return script::script_error(ErrorKind::kKey, "a test cannot expect `{}`", name);
}

NativeResult Session::failed(Interpreter& interpreter, std::string message, Outcome outcome) {
    report_.outcome = outcome;
    report_.message = message;
    report_.where = interpreter.user_here();
    return script::script_error(ErrorKind::kStop, "{}", message);
}

NativeResult Session::boot(Interpreter& interpreter) {
    if (guest_) return misused("a test boots its machine once");
    auto started = boot_();
    if (!started) {
        std::string hint = started.error().hint.empty() ? "" : "; " + started.error().hint;
        return failed(interpreter, started.error().message + hint, Outcome::kRefused);
    }
    guest_ = std::move(*started);
    return Value();
}

NativeResult Session::send(Interpreter& interpreter, const Args& args) {
    const auto* text = args.positional[1].try_as<script::String>();
    if (!text) return misused("`send` takes a text");
    if (!guest_) return misused("the machine has not been started: boot() comes first");
    if (!guest_->send(std::string(text->text))) return failed(interpreter, "the guest no longer takes input");
    return Value();
}

NativeResult Session::check(Interpreter& interpreter, const Args& args) {
    std::vector<script::Note> notes = interpreter.machines().take_notes();
    const Value& condition = args.positional[1];
    if (!condition.is(Type::kBool))
        return misused(fmt::format("what is expected is true or false, and this is {}", script::to_source(condition)));
    if (condition.as_bool()) return Value();
    for (const script::Note& note : notes) {
        if (note.value.is(Type::kBool) && &note == &notes.back()) continue;  // the condition itself
        bool says = !note.value.is_object() || note.value.is(Type::kString) || note.value.is(Type::kArray);
        if (says)
            report_.parts.push_back(
                fmt::format("`{}` is {}", sources_.text(note.where), script::to_source(note.value)));
    }
    const Value* message = args.find(2, "message");
    return failed(interpreter, message && !message->is_null() ? script::to_text(*message) : "this is not so");
}

NativeResult Session::serial(Interpreter& interpreter, const Args& args) {
    const Value* text_value = args.find(1, "text");
    const auto* text = text_value ? text_value->try_as<script::String>() : nullptr;
    std::optional<Time> within = patience(args, 2);
    if (!text || text->text.empty()) return misused("`expect.serial` takes the text that is to come");
    if (!within) return misused("`within` takes a time of at most an hour, such as 10 s");
    if (!guest_) return misused("the machine has not been started: boot() comes first");
    std::string wanted = script::to_source(args.positional[1]);
    switch (guest_->wait_for(std::string(text->text), *within)) {
        case Guest::Wait::kDone:
            return Value();
        case Guest::Wait::kEnded:
            guest_->wait_for_end(std::chrono::seconds(5));
            return failed(interpreter, fmt::format("the guest ended without {} on its serial line", wanted));
        case Guest::Wait::kTooLong:
            break;
    }
    return failed(interpreter, fmt::format("{} did not come on the serial line within {}", wanted, time_text(*within)));
}

NativeResult Session::ended(Interpreter& interpreter, const Args& args, int code, const std::string& what) {
    std::optional<Time> within = patience(args, code == 0 && what == "power off" ? 1 : 2);
    if (!within) return misused("`within` takes a time of at most an hour, such as 10 s");
    if (!guest_) return misused("the machine has not been started: boot() comes first");
    if (guest_->wait_for_end(*within) != Guest::Wait::kDone)
        return failed(interpreter, fmt::format("the guest did not {} within {}", what, time_text(*within)));
    if (guest_->status() == code) return Value();
    return failed(interpreter, fmt::format("the run was to {}, and its status is {}", what, *guest_->status()));
}

NativeResult Session::exit(Interpreter& interpreter, const Args& args) {
    const Value* code = args.find(1, "code");
    if (!code || !code->is(Type::kInt) || code->as_int() < 0 || code->as_int() > 255)
        return misused("`expect.exit` takes a status from 0 to 255");
    auto wanted = static_cast<int>(code->as_int());
    return ended(interpreter, args, wanted, fmt::format("end with status {}", wanted));
}

NativeResult Session::poweroff(Interpreter& interpreter, const Args& args) {
    return ended(interpreter, args, 0, "power off");
}

NativeResult Session::http(Interpreter& interpreter, const Args& args) {
    auto request = http_request(args, forwarded_ports(machine_));
    std::optional<Time> within = patience(args, 5);
    if (!request) return misused(request.error().message);
    if (!within) return misused("`within` takes a time of at most an hour, such as 10 s");
    if (!guest_) return misused("the machine has not been started: boot() comes first");
    HttpAnswer answer = wait_for_http(*guest_, *request, *within);
    if (is_right(*request, answer)) return Value();
    report_.parts = {fmt::format("GET {} from port {} of this host: {}", request->path, request->port,
                                 answer.status == 0 ? answer.problem : fmt::format("status {}", answer.status))};
    if (!guest_->goes_on()) return failed(interpreter, "the guest ended, and did not answer as is expected");
    std::string wanted = request->body.empty() ? "" : " and " + script::to_source(*args.find(4, "body"));
    return failed(interpreter, fmt::format("the guest did not answer with status {}{} within {}", request->status,
                                           wanted, time_text(*within)));
}

// The guest ends here; what it said goes into the report of a test that did not pass.
void Session::finish() {
    if (guest_ && report_.outcome != Outcome::kPassed) {
        report_.serial = last_lines(guest_->serial());
        report_.errors = last_line(guest_->errors());
    }
    guest_.reset();
}

}  // namespace

Report run_test(Interpreter& interpreter, const script::Test& test, const model::Machine& machine,
                const place::PlacedMachine& placed, const source::SourceMap& sources, const Boot& boot) {
    auto* session = interpreter.heap().make<Session>(machine, sources, boot);
    interpreter.heap().pin(Value(session));
    auto field = [&](std::string_view name) -> std::optional<Value> {
        if (name == "expect") return Value(session);
        Value function = name.ends_with("()") ? session->function(interpreter, name) : Value::unset();
        if (!function.is(Type::kUnset)) return function;
        return machine_field(machine, placed, name, interpreter.heap());
    };
    NativeResult result = interpreter.call_with_fields(test.body, field);
    Report& report = session->report();
    if (!result && result.error().kind != ErrorKind::kStop && report.outcome == Outcome::kPassed) {
        report.outcome = Outcome::kFailed;
        report.message = result.error().message;
        report.where = result.error().user_where.known() ? result.error().user_where : test.where;
    }
    session->finish();
    return report;
}

}  // namespace nyx::testing
