// Runs a verified Program.
//
// Script calls use frames of its own, never the C++ stack; only natives that call back (map, sorted …) nest, at most
// Limits::native_depth deep. Steps, memory and depth are bounded, so every run ends. A mistake of the script is a
// ScriptError with its place and trace. The program and the natives must outlive the interpreter. Not thread-safe.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/script/heap.h"
#include "runtime/script/machine_recorder.h"
#include "runtime/script/natives.h"
#include "runtime/script/objects.h"
#include "runtime/script/program.h"

namespace nyx::script {

struct Limits {
    std::uint64_t steps = 200'000'000;  // loop rounds and calls; natives charge for long work
    std::size_t heap_bytes = std::size_t{256} << 20;
    std::uint32_t depth = 5'000;  // script calls inside one another
    std::uint32_t native_depth = 50;
    std::uint64_t steps_after_mistake = 1'000'000;  // then only what can still be checked counts
    // Asked every few thousand steps: true ends the run as the limit of steps does. Empty: it is never interrupted.
    std::function<bool()> interrupted{};
};

using FieldReader = std::function<std::optional<Value>(std::string_view name)>;

class Interpreter {
  public:
    // Fails when the program needs a native that `natives` does not have.
    static Result<std::unique_ptr<Interpreter>> create(const Program& program, const Natives& natives,
                                                       Limits limits = {});
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;
    ~Interpreter() = default;

    // The bodies of all modules, in order. Once.
    NativeResult run();
    NativeResult call(const Value& callee, std::span<const Value> arguments);
    // As call; while it runs, the machine's fields are read through `fields` by bare name. What the parts of a
    // condition were is then in machines().take_notes().
    NativeResult call_with_fields(const Value& callee, FieldReader fields, std::span<const Value> arguments = {});
    // What a module calls so, the main one before what it imports; null: nothing. Once run() has ended.
    const Value* global(const std::string& name) const;
    // What is called next has these steps; what there was before, to be given back.
    struct Steps {
        std::uint64_t left;
        std::uint64_t granted;
    };
    Steps use_steps(const Steps& steps) {
        Steps before{steps_left_ + steps_later_, std::exchange(granted_, steps.granted)};
        grant(steps.left);
        return before;
    }

    void on_print(std::function<void(std::string_view)> print) { print_ = std::move(print); }
    void on_run(RunHooks* hooks) { hooks_ = hooks; }
    // To find all mistakes in one run: an error that nothing catches goes to `report`, and the run goes on after the
    // statement of a module or machine in which it arose. What that statement would have set is unknown from then on,
    // and to use it fails with kMistake, which goes the same way but is not reported.
    void on_mistake(std::function<void(const ScriptError&)> report) { report_ = std::move(report); }

    // ---- For natives
    // --------------------------------------------------------------------------------------------------
    Heap& heap() { return heap_; }
    MachineRecorder& machines() { return machines_; }
    RunHooks* hooks() { return hooks_; }
    const Program& program() const { return program_; }
    void print(std::string_view text) {
        if (print_) print_(text);
    }
    // Where the script is, and the innermost such place outside stdlib.
    Span here() const;
    Span user_here() const;
    // For work that grows with `steps`; false when the limit is reached, and then the native returns over_limit().
    bool charge(std::uint64_t steps);
    bool has_room(std::size_t bytes) const {
        return bytes <= limits_.heap_bytes && heap_.bytes() <= limits_.heap_bytes - bytes;
    }
    tl::unexpected<ScriptError> over_limit() const;
    // A native that calls back keeps its own values alive with this until it goes out of scope.
    class Root {
      public:
        Root(Interpreter& interpreter, const Value& value) : interpreter_(interpreter) {
            interpreter_.roots_.push_back(value);
        }
        Root(const Root&) = delete;
        Root& operator=(const Root&) = delete;
        ~Root() { interpreter_.roots_.pop_back(); }

      private:
        Interpreter& interpreter_;
    };
    // The named member of any value: field, key, method, export.
    NativeResult member(const Value& object, const String* name);
    // The Native bound under that name as a method of `type`, or null.
    Native* method_of(Type type, const String* name) const;

  private:
    struct Frame {
        const Function* function;
        Closure* closure;  // null for a module's body
        const Instruction* ip;
        Value* base;    // the first local
        Value* result;  // where the caller finds it
        enum Kind : std::uint8_t { kCall, kConstruct, kFields } kind;
    };

    Interpreter(const Program& program, Limits limits);
    // binding.cc
    Status bind(const Natives& natives);
    void bind_constants();
    Status bind_functions(const Natives& natives);
    void bind_methods(const Natives& natives);
    Native* make_native(const NativeSpec& spec);

    struct Loop;  // loop.h
    // Runs until the frame stack is `stop` high again.
    NativeResult execute(std::size_t stop);
    void grant(std::uint64_t steps);
    // When steps_left_ is used up: whether there are more.
    bool more_steps();
    NativeResult nested(const Value& callee, std::span<const Value> arguments);

    // These work on sp_ and frames_; false: error_ is set. `callee` points at the called value, arguments follow it.
    bool call_value(Value* callee, std::size_t positional, std::span<String* const> names);
    bool call_closure(Closure* closure, Value* callee, std::size_t positional, std::span<String* const> names,
                      Frame::Kind kind);
    bool call_native(Native* native, Value* first, Value* result, std::size_t positional,
                     std::span<String* const> names);
    bool construct(Class* cls, Value* callee, std::size_t positional, std::span<String* const> names);
    bool invoke(const CallSite& site, std::size_t index);
    bool invoke_super(const CallSite& site, std::size_t index);
    bool push_frame(const Function* function, Closure* closure, Value* base, Value* result, Frame::Kind kind);
    bool place_named(const Function& function, Value* base, std::size_t positional, std::span<String* const> names);
    bool wrong_arity(std::string_view name, std::span<const std::string> parameters, std::size_t required,
                     std::size_t given);

    bool binary(Op op);
    bool unary(Op op);
    bool load_member(const String* name);
    bool store_member(const String* name);
    bool load_index();
    bool store_index();
    bool slice();
    bool iterate(Value* slot);
    bool unpack(std::size_t count);
    bool make_class(const ClassInfo& info);
    bool make_record(const RecordShape& shape);
    bool make_map(std::size_t pairs);
    // An Array or a Tuple of the topmost values.
    template <class List>
    bool make_list(std::size_t count) {
        maybe_collect();
        auto* list = heap_.make<List>(std::vector<Value>(sp_ - count, sp_));
        sp_ -= count;
        *sp_++ = list;
        return within_heap();
    }
    bool concat(std::size_t count);
    bool format_top(const std::string& spec);
    bool coerce(Value& value, const TypeCheck& check);
    bool append_local(Value* slot);
    bool matches();
    bool throw_top();
    bool throw_again();
    bool fail_assertion();
    // The instructions about machines.
    bool describe(const Instruction& in);
    Closure* make_closure(const Function& function);
    Cell* capture(Value* slot);
    void close_cells(const Value* from);
    // 1: an item was pushed, 0: none is left, -1: error_ is set.
    int next_item(Value* slot, bool pair);
    bool load_field(const std::string& name);

    bool fail(ErrorKind kind, std::string message);
    bool fail(ScriptError error);
    template <class... Args>
    bool fail_with(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
        return fail(kind, fmt::format(format, std::forward<Args>(args)...));
    }
    // Finds the handler of error_ above `stop` frames; false when there is none, and then those frames are gone.
    bool unwind(std::size_t stop);
    // resume.cc
    bool resume(std::size_t stop);
    bool will_be_caught() const;
    void forget(Frame& frame, const Statement& statement);
    bool has_no_value(const std::string& name);
    void locate(ScriptError& error) const;
    Span frame_span(const Frame& frame) const;
    void collect();
    void maybe_collect() {
        if (heap_.wants_collection()) collect();
    }
    bool within_heap();

    const Program& program_;
    const Limits limits_;
    Heap heap_;
    MachineRecorder machines_;
    RunHooks* hooks_ = nullptr;
    std::function<void(std::string_view)> print_;
    FieldReader fields_;
    std::function<void(const ScriptError&)> report_;
    bool mistaken_ = false;  // some value is unknown

    std::vector<Value> constants_;
    std::vector<String*> names_;                    // interned, by constant; null where it is not a string
    std::vector<std::vector<String*>> site_names_;  // of call sites
    std::vector<String*> site_methods_;
    std::vector<Value> globals_;
    std::vector<Native*> natives_;
    std::vector<Module*> modules_;
    std::vector<std::unordered_map<const String*, Native*>> methods_;  // by Type
    String* init_name_ = nullptr;

    std::unique_ptr<std::byte[]> stack_memory_;  // not touched before it is used
    Value* stack_ = nullptr;
    Value* stack_end_ = nullptr;
    Value* sp_ = nullptr;
    std::vector<Frame> frames_;
    std::vector<Cell*> open_cells_;  // by address, ascending
    std::vector<Value> roots_;
    std::string scratch_;
    ScriptError error_;
    std::uint64_t steps_left_;       // until the limit, or until `interrupted` is asked
    std::uint64_t steps_later_ = 0;  // beyond those
    std::uint64_t granted_;          // in all, for messages
    std::uint32_t native_depth_ = 0;
};

// For natives: an error whose place the interpreter fills in.
template <class... Args>
tl::unexpected<ScriptError> script_error(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
    ScriptError error;
    error.kind = kind;
    error.message = fmt::format(format, std::forward<Args>(args)...);
    return tl::make_unexpected(std::move(error));
}

}  // namespace nyx::script
