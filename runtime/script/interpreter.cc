#include "runtime/script/interpreter.h"

#include <algorithm>

namespace nyx::script {

namespace {

constexpr std::size_t kStackValues = std::size_t{1} << 20;

}  // namespace

Interpreter::Interpreter(const Program& program, Limits limits)
    : program_(program),
      limits_(limits),
      methods_(static_cast<std::size_t>(Type::kCell) + 1),
      stack_memory_(new std::byte[kStackValues * sizeof(Value)]),
      stack_(reinterpret_cast<Value*>(stack_memory_.get())),
      stack_end_(stack_ + kStackValues),
      sp_(stack_),
      steps_left_(0),
      granted_(limits.steps) {
    grant(limits.steps);
}

Result<std::unique_ptr<Interpreter>> Interpreter::create(const Program& program, const Natives& natives,
                                                         Limits limits) {
    std::unique_ptr<Interpreter> interpreter(new Interpreter(program, limits));
    NYX_TRY(interpreter->bind(natives));
    return interpreter;
}

NativeResult Interpreter::run() {
    for (std::uint32_t entry : program_.entries) {
        const Function& function = program_.functions[entry];
        *sp_++ = Value();  // where the result goes
        if (!push_frame(&function, nullptr, sp_, sp_ - 1, Frame::kCall)) return tl::make_unexpected(error_);
        NativeResult result = execute(frames_.size() - 1);
        sp_ = stack_;
        if (!result) return result;
    }
    return Value();
}

const Value* Interpreter::global(const std::string& name) const {
    for (auto module = modules_.rbegin(); module != modules_.rend(); ++module) {
        const auto found = (*module)->exports.find(name);
        if (found != (*module)->exports.end() && !globals_[found->second].is(Type::kUnset))
            return &globals_[found->second];
    }
    return nullptr;
}

NativeResult Interpreter::call(const Value& callee, std::span<const Value> arguments) {
    if (native_depth_ >= limits_.native_depth) {
        return script_error(ErrorKind::kLimit, "built-in functions call back more than {} deep", limits_.native_depth);
    }
    ++native_depth_;
    NativeResult result = nested(callee, arguments);
    --native_depth_;
    return result;
}

NativeResult Interpreter::nested(const Value& callee, std::span<const Value> arguments) {
    if (sp_ + arguments.size() + 2 > stack_end_) return over_limit();
    Value* base = sp_;
    std::size_t stop = frames_.size();
    *sp_++ = callee;
    for (const Value& argument : arguments) *sp_++ = argument;
    if (!call_value(base, arguments.size(), {})) {
        sp_ = base;
        return tl::make_unexpected(error_);
    }
    if (frames_.size() > stop) {
        NativeResult result = execute(stop);
        sp_ = base;
        return result;
    }
    sp_ = base;
    return *base;
}

NativeResult Interpreter::call_with_fields(const Value& callee, FieldReader fields, std::span<const Value> arguments) {
    FieldReader before = std::exchange(fields_, std::move(fields));
    machines_.take_notes();
    NativeResult result = call(callee, arguments);
    fields_ = std::move(before);
    return result;
}

// -- steps --

tl::unexpected<ScriptError> Interpreter::over_limit() const {
    if (steps_left_ == 0) {
        return script_error(ErrorKind::kLimit, "the script did not end within {} steps", granted_);
    }
    return script_error(ErrorKind::kLimit, "the script needs more than {} MiB of memory", limits_.heap_bytes >> 20);
}

void Interpreter::grant(std::uint64_t steps) {
    constexpr std::uint64_t kBetweenQuestions = 20'000;
    steps_left_ = limits_.interrupted ? std::min(steps, kBetweenQuestions) : steps;
    steps_later_ = steps - steps_left_;
}

bool Interpreter::more_steps() {
    bool interrupted = steps_later_ > 0 && limits_.interrupted && limits_.interrupted();
    grant(interrupted ? 0 : steps_later_);
    return steps_left_ > 0;
}

bool Interpreter::charge(std::uint64_t steps) {
    while (steps >= steps_left_) {
        steps -= steps_left_;
        if (!more_steps()) return false;
    }
    steps_left_ -= steps;
    return true;
}

// -- memory --

void Interpreter::collect() {
    heap_.collect([this](Marker& marker) {
        for (const Value* value = stack_; value < sp_; ++value) marker.mark(*value);
        for (const Frame& frame : frames_) marker.mark(frame.closure);
        for (const Value& value : globals_) marker.mark(value);
        for (const Value& value : roots_) marker.mark(value);
        for (const Cell* cell : open_cells_) marker.mark(cell);
        marker.mark(error_.value);
        machines_.trace(marker);
    });
}

// After something was made: collects when that pays, and fails when the limit is passed even so.
bool Interpreter::within_heap() {
    if (heap_.bytes() <= limits_.heap_bytes && !heap_.wants_collection()) return true;
    collect();
    if (heap_.bytes() <= limits_.heap_bytes) return true;
    return fail(over_limit().value());
}

}  // namespace nyx::script
