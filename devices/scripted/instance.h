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
    // What the method gives; it is not there: null. The last arguments are left out where it takes fewer.
    Result<script::Value> call(std::string_view method, std::span<const script::Value> arguments);

    std::optional<script::Value> field(std::string_view name) const;
    // Those with plain values, as name and value; the others are what a new object has.
    std::vector<std::pair<std::string, Bytes>> saved() const;
    // False: the class has no such field, or these bytes are no value.
    bool restore(std::string_view field, ByteView value);

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
