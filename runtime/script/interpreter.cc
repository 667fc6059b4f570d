#include "runtime/script/interpreter.h"

#include <algorithm>

namespace nyx::script {

namespace {

constexpr std::size_t kStackValues = std::size_t{1} << 20;
constexpr std::size_t kTraceLength = 20;

Value constant_value(Heap& heap, const Constant& constant) {
    switch (constant.type) {
        case Type::kInt:
            return Value::integer(constant.integer);
        case Type::kFloat:
            return Value::floating(constant.floating);
        case Type::kString:
            return heap.intern(constant.text);
        default:
            return Value::quantity(constant.type, constant.integer);
    }
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

void read_parameters(Native& native, std::string_view text) {
    while (!text.empty()) {
        std::size_t comma = text.find(',');
        std::string_view one = trimmed(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        if (one == "...") {
            native.variadic = true;
            continue;
        }
        std::size_t optional = one.find('=');
        if (optional == std::string_view::npos && !native.variadic) ++native.required;
        native.parameters.emplace_back(trimmed(one.substr(0, optional)));
    }
}

}  // namespace

std::string_view error_kind_name(ErrorKind kind) {
    constexpr std::string_view kNames[] = {"type",      "value",  "index", "key",        "name", "arity",  "arithmetic",
                                           "assertion", "thrown", "limit", "capability", "stop", "mistake"};
    return kNames[static_cast<std::size_t>(kind)];
}

const NativeSpec* Natives::find(std::string_view name) const {
    auto found = std::find_if(specs_.rbegin(), specs_.rend(),
                              [name](const NativeSpec& spec) { return spec.free_function && spec.name == name; });
    return found == specs_.rend() ? nullptr : &*found;
}

// ---- Loading
// ------------------------------------------------------------------------------------------------------------

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

Native* Interpreter::make_native(const NativeSpec& spec) {
    auto* native = heap_.make<Native>(std::string(spec.name), spec.function);
    read_parameters(*native, spec.parameters);
    heap_.pin(native);
    return native;
}

Status Interpreter::bind(const Natives& natives) {
    for (const Constant& constant : program_.constants) {
        constants_.push_back(constant_value(heap_, constant));
        names_.push_back(constants_.back().try_as<String>());
    }
    for (const CallSite& site : program_.call_sites) {
        site_methods_.push_back(heap_.intern(site.name));
        auto& names = site_names_.emplace_back();
        for (const std::string& name : site.names) names.push_back(heap_.intern(name));
    }
    globals_.assign(program_.globals.size(), Value::unset());
    for (const std::string& name : program_.natives) {
        const NativeSpec* spec = natives.find(name);
        if (!spec)
            return nyx::fail(ErrorCode::kUnsupported, "the script needs `{}`, which this build does not have", name);
        natives_.push_back(make_native(*spec));
    }
    for (const ModuleTable& table : program_.modules) {
        Module::Exports exports(table.exports.begin(), table.exports.end());
        modules_.push_back(heap_.make<Module>(table.name, std::move(exports)));
        heap_.pin(modules_.back());
    }
    for (const NativeSpec& spec : natives.all()) {
        if (spec.method_of == 0) continue;
        Native* native = make_native(spec);
        for (std::size_t type = 0; type < methods_.size(); ++type) {
            if ((spec.method_of >> type & 1) != 0) methods_[type][heap_.intern(spec.name)] = native;
        }
    }
    init_name_ = heap_.intern("init");
    return {};
}

// ---- Running
// ------------------------------------------------------------------------------------------------------------

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

// ---- Places and errors
// --------------------------------------------------------------------------------------------------

Span Interpreter::frame_span(const Frame& frame) const {
    auto at = static_cast<std::size_t>(frame.ip - frame.function->code.data());
    return frame.function->spans[at == 0 ? 0 : at - 1];
}

Span Interpreter::here() const {
    return frames_.empty() ? Span{} : frame_span(frames_.back());
}

Span Interpreter::user_here() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
        Span span = frame_span(*frame);
        if (span.known() && !program_.files[span.file].is_stdlib) return span;
    }
    return {};
}

void Interpreter::locate(ScriptError& error) const {
    if (error.where.known() || !error.trace.empty()) return;  // it comes from a nested run and is complete
    error.where = here();
    error.user_where = user_here();
    for (auto frame = frames_.rbegin(); frame != frames_.rend() && error.trace.size() < kTraceLength; ++frame) {
        error.trace.push_back({frame->function->name, frame_span(*frame)});
    }
}

bool Interpreter::fail(ErrorKind kind, std::string message) {
    ScriptError error;
    error.kind = kind;
    error.message = std::move(message);
    return fail(std::move(error));
}

bool Interpreter::fail(ScriptError error) {
    error_ = std::move(error);
    locate(error_);
    return false;
}

bool Interpreter::unwind(std::size_t stop) {
    if (report_ && resume(stop)) return true;
    // A handler that fails again goes round without a jump.
    if (catchable(error_.kind) && !charge(1)) fail(over_limit().value());
    while (frames_.size() > stop) {
        Frame& frame = frames_.back();
        auto at = static_cast<std::uint32_t>(frame.ip - frame.function->code.data() - 1);
        for (const Handler& handler : frame.function->handlers) {
            if (at < handler.begin || at >= handler.end || !catchable(error_.kind)) continue;
            machines_.abandon(frames_.size());
            sp_ = frame.base + frame.function->local_count + handler.depth;
            *sp_++ = heap_.make<ErrorObject>(std::move(error_));
            maybe_collect();
            frame.ip = frame.function->code.data() + handler.target;
            return true;
        }
        close_cells(frame.base);
        sp_ = frame.result;
        frames_.pop_back();
    }
    machines_.abandon(frames_.size());
    return false;
}

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

// ---- Memory
// -------------------------------------------------------------------------------------------------------------

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

Cell* Interpreter::capture(Value* slot) {
    auto place = std::lower_bound(open_cells_.begin(), open_cells_.end(), slot,
                                  [](const Cell* cell, const Value* at) { return cell->target < at; });
    if (place != open_cells_.end() && (*place)->target == slot) return *place;
    return *open_cells_.insert(place, heap_.make<Cell>(slot));
}

void Interpreter::close_cells(const Value* from) {
    while (!open_cells_.empty() && open_cells_.back()->target >= from) {
        open_cells_.back()->close();
        open_cells_.pop_back();
    }
}

Closure* Interpreter::make_closure(const Function& function) {
    auto* closure = heap_.make<Closure>(&function);
    Frame& frame = frames_.back();
    for (const Capture& taken : function.captures) {
        closure->cells.push_back(taken.from_local ? capture(frame.base + taken.index)
                                                  : frame.closure->cells[taken.index]);
    }
    if (frame.closure) closure->owner = frame.closure->owner;
    return closure;
}

}  // namespace nyx::script
