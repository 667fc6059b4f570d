#include "devices/scripted/instance.h"

#include <algorithm>

#include "runtime/base/printable.h"

namespace nyx::dev::scripted {

using script::Value;

namespace {

constexpr std::string_view kLibraryClass = "Device";  // std.vm_device_bus

// A script that runs its machine has done so: here it only says what its classes are.
class StopsAtRun final : public script::RunHooks {
    script::NativeResult run(script::Interpreter&, script::MachineObject&) override {
        return script::script_error(script::ErrorKind::kStop, "");
    }
};

}  // namespace

Result<std::unique_ptr<Instance>> Instance::create(const script::Program& program, const std::string& class_name,
                                                   const std::map<std::string, Value>& values,
                                                   std::function<void(std::string_view)> print) {
    std::unique_ptr<Instance> made(new Instance(program));
    script::Natives natives;
    natives.add(script::standard_natives().all());
    natives.add(script::machine_natives());
    script::Limits limits;
    limits.heap_bytes = kHeapBytes;
    NYX_ASSIGN(made->interpreter_, script::Interpreter::create(program, natives, limits));
    made->hooks_ = std::make_unique<StopsAtRun>();
    made->interpreter_->on_run(made->hooks_.get());
    const auto end = made->interpreter_->run();
    if (!end && end.error().kind != script::ErrorKind::kStop) return fail(made->told(end.error()));
    made->interpreter_->on_print(std::move(print));  // what the script itself prints was printed when it was built
    NYX_TRY(made->construct(class_name, values));
    return made;
}

Error Instance::told(const script::ScriptError& error) const {
    const Span where = error.user_where.known() ? error.user_where : error.where;
    return {
        ErrorCode::kInvalidArgument, fmt::format("{}: {}", place_text(program_, where), printable(error.message)), {}};
}

// Those that have a default may be left out.
Result<std::vector<Value>> Instance::arguments_of_init(const script::Class& made_of,
                                                       const std::map<std::string, Value>& values) {
    std::vector<Value> arguments;
    const script::Closure* init = made_of.find(interpreter_->heap().intern("init"));
    if (init == nullptr) return arguments;
    for (const std::string& name : init->function->parameters) {
        const auto given = values.find(name);
        if (given == values.end() && arguments.size() < init->function->required)
            return fail(ErrorCode::kInvalidArgument, "{}.init needs `{}`, which the device does not have", made_of.name,
                        name);
        arguments.push_back(given == values.end() ? Value::unset() : given->second);
    }
    while (!arguments.empty() && arguments.back().is(script::Type::kUnset)) arguments.pop_back();
    return arguments;
}

Status Instance::construct(const std::string& class_name, const std::map<std::string, Value>& values) {
    const Value* found = interpreter_->global(class_name);
    auto* made_of = found == nullptr ? nullptr : found->try_as<script::Class>();
    if (made_of == nullptr) return fail(ErrorCode::kInvalidArgument, "the script has no class {}", class_name);
    NYX_ASSIGN(const std::vector<Value> arguments, arguments_of_init(*made_of, values));
    interpreter_->use_steps({kSteps, kSteps});
    auto object = interpreter_->call(*found, arguments);
    if (!object) return fail(told(object.error()));
    object_ = object->try_as<script::Instance>();
    if (object_ == nullptr) return fail(ErrorCode::kInvalidArgument, "{} is no class of devices", class_name);
    interpreter_->heap().pin(*object);
    for (const auto& [name, value] : values) set_field(name, value);
    return {};
}

script::Closure* Instance::find(std::string_view method) const {
    script::Closure* found = object_->cls->find(interpreter_->heap().intern(method));
    return found != nullptr && found->function->has_self ? found : nullptr;
}

bool Instance::has_own(std::string_view method) const {
    const script::Closure* found = find(method);
    return found != nullptr && (found->owner == nullptr || found->owner->name != kLibraryClass);
}

Result<Value> Instance::call(std::string_view method, std::span<const Value> arguments) {
    script::Closure* called = find(method);
    if (called == nullptr) return Value();
    std::vector<Value> all{Value(object_)};
    const std::size_t count = std::min(arguments.size(), called->function->parameters.size());
    all.insert(all.end(), arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(count));
    interpreter_->use_steps({kSteps, kSteps});
    auto result = interpreter_->call(Value(called), all);
    if (!result) return fail(told(result.error()));
    return *result;
}

std::optional<Value> Instance::field(std::string_view name) const {
    const int slot = object_->cls->slot(interpreter_->heap().intern(name));
    const auto at = static_cast<std::size_t>(slot);
    return slot < 0 || at >= object_->slots.size() ? std::nullopt : std::optional(object_->slots[at]);
}

bool Instance::set_field(std::string_view name, Value value) {
    const int slot = object_->cls->slot(interpreter_->heap().intern(name));
    if (slot < 0) return false;
    const auto at = static_cast<std::size_t>(slot);
    object_->slots.resize(std::max(object_->slots.size(), at + 1));
    object_->slots[at] = value;
    return true;
}

std::vector<std::string_view> Instance::field_names() const {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < object_->slots.size(); ++i) names.push_back(object_->cls->slot_names[i]->text);
    return names;
}

}  // namespace nyx::dev::scripted
