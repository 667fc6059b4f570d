// One object of a script's class, in an interpreter of its own, as the machine calls it.
//
// What the class does is bounded (steps of a call, memory, depth), and a mistake of it ends the call and nothing more.
// Not thread-safe: the device's lock is held. The bytecode outlives it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "devices/kit/state.h"
#include "runtime/base/result.h"
#include "runtime/script/interpreter.h"

namespace nyx::dev::scripted {

class Instance {
  public:
    static constexpr std::uint64_t kSteps = 1'000'000;  // of one call
    static constexpr std::size_t kHeapBytes = std::size_t{64} << 20;

    // Runs the bodies of the script's modules, as far as `.run()`, and makes the object: parameters of its `init` and
    // fields take the values of their names. Errors: the script's, with their place.
    static Result<std::unique_ptr<Instance>> create(const script::Program& program, const std::string& class_name,
                                                    const std::map<std::string, script::Value>& values,
                                                    std::function<void(std::string_view)> print);

    bool has(std::string_view method) const { return find(method) != nullptr; }
    // The same, and it is not the one that the library's Device has for every class.
    bool has_own(std::string_view method) const;
    // What the method gives; it is not there: null. The last arguments are left out where it takes fewer.
    Result<script::Value> call(std::string_view method, std::span<const script::Value> arguments);

    std::optional<script::Value> field(std::string_view name) const;
    // False: the class has no such field.
    bool set_field(std::string_view name, script::Value value);
    // In the order of the class.
    std::vector<std::string_view> field_names() const;
    script::Heap& heap() const { return interpreter_->heap(); }

  private:
    explicit Instance(const script::Program& program) : program_(program) {}

    script::Closure* find(std::string_view method) const;
    Status construct(const std::string& class_name, const std::map<std::string, script::Value>& values);
    Result<std::vector<script::Value>> arguments_of_init(const script::Class& made_of,
                                                         const std::map<std::string, script::Value>& values);
    Error told(const script::ScriptError& error) const;

    const script::Program& program_;
    std::unique_ptr<script::RunHooks> hooks_;
    std::unique_ptr<script::Interpreter> interpreter_;
    script::Instance* object_ = nullptr;
};

}  // namespace nyx::dev::scripted
