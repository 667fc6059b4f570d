// What `.name` does with each type of value.
#include "runtime/script/format.h"
#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

tl::unexpected<ScriptError> no_member(const Value& object, const String* name) {
    std::string_view type = type_name(object.type());
    if (object.is(Type::kInstance)) type = object.as<Instance>().cls->name;
    return script_error(ErrorKind::kKey, "{} has no member `{}`", type, name->text);
}

NativeResult error_member(Interpreter& interpreter, const ScriptError& error, const String* name) {
    if (name->text == "message") return interpreter.heap().string(error.message);
    if (name->text == "kind") return interpreter.heap().string(error_kind_name(error.kind));
    return script_error(ErrorKind::kKey, "an error has no member `{}`, only `message` and `kind`", name->text);
}

NativeResult instance_member(Interpreter& interpreter, const Value& object, const String* name) {
    const auto& instance = object.as<Instance>();
    int slot = instance.cls->slot(name);
    if (slot >= 0 && static_cast<std::size_t>(slot) < instance.slots.size()) {
        const Value& value = instance.slots[static_cast<std::size_t>(slot)];
        if (!value.is(Type::kUnset)) return value;
    }
    if (Closure* method = instance.cls->find(name)) {
        if (!method->function->has_self) return method;
        return interpreter.heap().make<Method>(object, method);
    }
    return no_member(object, name);
}

}  // namespace

Native* Interpreter::method_of(Type type, const String* name) const {
    const auto& table = methods_[static_cast<std::size_t>(type)];
    auto found = table.find(name);
    return found == table.end() ? nullptr : found->second;
}

NativeResult Interpreter::member(const Value& object, const String* name) {
    switch (object.type()) {
        case Type::kInstance:
            return instance_member(*this, object, name);
        case Type::kHostObject:
            return static_cast<HostObject*>(object.as_object())->member(*this, name->text);
        case Type::kError:
            return error_member(*this, object.as<ErrorObject>().error, name);
        case Type::kMap:
            if (const Value* found = object.as<Map>().find(Value(const_cast<String*>(name)))) return *found;
            break;
        case Type::kModule: {
            const auto& module = object.as<Module>();
            auto found = module.exports.find(name->text);
            if (found == module.exports.end()) {
                return script_error(ErrorKind::kKey, "module `{}` has no `{}`", module.name, name->text);
            }
            const Value& value = globals_[found->second];
            if (value.is(Type::kUnset)) {
                return script_error(ErrorKind::kName, "`{}.{}` has no value yet", module.name, name->text);
            }
            return value;
        }
        case Type::kClass:
            if (name->text == "name") return heap_.string(object.as<Class>().name);
            if (Closure* method = object.as<Class>().find(name)) return method;
            break;
        case Type::kRecord:
            if (const Record::Field* field = object.as<Record>().find(name->text)) return field->value;
            break;
        default:
            break;
    }
    if (name->text == "length" && method_of(object.type(), name)) {  // also as a property
        Value argument = object;
        return method_of(object.type(), name)->function(*this, Args{{&argument, 1}, {}});
    }
    if (Native* native = method_of(object.type(), name)) return heap_.make<Method>(object, native);
    return no_member(object, name);
}

bool Interpreter::load_member(const String* name) {
    NativeResult value = member(sp_[-1], name);
    if (!value) return fail(std::move(value).error());
    sp_[-1] = *value;
    return value->is(Type::kMethod) ? within_heap() : true;
}

bool Interpreter::store_member(const String* name) {
    Value object = sp_[-2];
    Value value = sp_[-1];
    sp_ -= 2;
    if (auto* instance = object.try_as<Instance>()) {
        auto slot = static_cast<std::size_t>(instance->cls->add_slot(name));
        if (slot >= instance->slots.size()) {
            heap_.grew((slot + 1 - instance->slots.size()) * sizeof(Value));
            instance->slots.resize(slot + 1, Value::unset());
        }
        instance->slots[slot] = value;
        return true;
    }
    if (auto* map = object.try_as<Map>()) {
        std::size_t before = map->extra_bytes();
        map->set(Value(const_cast<String*>(name)), value);
        heap_.grew(map->extra_bytes() - before);
        return within_heap();
    }
    if (auto* module = object.try_as<Module>()) {
        auto found = module->exports.find(name->text);
        if (found != module->exports.end()) {
            globals_[found->second] = value;
            return true;
        }
    }
    return fail_with(ErrorKind::kType, "cannot set `{}` on {}", name->text, type_name(object.type()));
}

bool Interpreter::load_field(const std::string& name) {
    std::optional<Value> value = fields_ ? fields_(name) : machines_.field(name);
    if (value && value->is(Type::kUnset)) return fail(ErrorKind::kMistake, "the field's value has a mistake");
    *sp_++ = value.value_or(Value::unset());
    return true;
}

}  // namespace nyx::script
