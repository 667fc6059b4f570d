// Type annotations at run time: a value has the type, is turned into it without loss, or is an error.
#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

bool class_named(const Value& value, const std::string& name) {
    if (auto* host = value.is(Type::kHostObject) ? static_cast<const HostObject*>(value.as_object()) : nullptr) {
        return host->type_name() == name;
    }
    const auto* instance = value.try_as<Instance>();
    for (const Class* cls = instance ? instance->cls : nullptr; cls; cls = cls->base) {
        if (cls->name == name) return true;
    }
    return false;
}

bool fits_basic(Value& value, Type wanted) {
    Type type = value.type();
    if (type == wanted) return true;
    if (wanted == Type::kFloat && type == Type::kInt) {
        value = Value::floating(static_cast<double>(value.as_int()));
        return true;
    }
    // A plain number where a size is expected counts bytes.
    if (wanted == Type::kSize && type == Type::kInt) {
        value = Value::quantity(Type::kSize, value.as_int());
        return true;
    }
    return false;
}

}  // namespace

// Whether value is of type `index`; elements of containers are looked at one level down, without changing them.
static bool fits(const Program& program, Value& value, std::uint32_t index, bool elements) {
    const TypeDesc& type = program.types[index];
    if (value.is_null() && (type.nullable || type.kind == TypeKind::kAny)) return true;
    switch (type.kind) {
        case TypeKind::kAny:
            return true;
        case TypeKind::kNumber:
            return value.is_number();
        case TypeKind::kInteger:
            return value.is(Type::kInt) && value.as_int() >= type.low && value.as_int() <= type.high;
        case TypeKind::kFunction:
            return value.is(Type::kFunction) || value.is(Type::kMethod) || value.is(Type::kNative) ||
                   value.is(Type::kClass);
        case TypeKind::kNamed:
            return class_named(value, type.text);
        case TypeKind::kBasic:
            break;
    }
    if (!fits_basic(value, type.basic)) return false;
    if (!elements || type.parameters.empty()) return true;
    auto all = [&](const std::vector<Value>& items) {
        for (Value item : items) {
            if (!fits(program, item, type.parameters[0], false)) return false;
        }
        return true;
    };
    if (auto* array = value.try_as<Array>()) return all(array->items);
    return true;
}

bool Interpreter::coerce(Value& value, const TypeCheck& check) {
    if (auto* array = value.try_as<Array>(); array && !charge(array->items.size() / 16))
        return fail(over_limit().value());
    if (fits(program_, value, check.type, true)) return true;
    const TypeDesc& type = program_.types[check.type];
    if (type.kind == TypeKind::kInteger && value.is(Type::kInt)) {
        return fail_with(ErrorKind::kValue, "{} is {}, and {} does not fit", check.subject, type.text, value.as_int());
    }
    std::string_view given = type_name(value.type());
    if (auto* instance = value.try_as<Instance>()) given = instance->cls->name;
    if (value.is(Type::kArray) && type.basic == Type::kArray) {
        return fail_with(ErrorKind::kType, "{} is {}, and an element has another type", check.subject, type.text);
    }
    return fail_with(ErrorKind::kType, "{} is {}, not {}", check.subject, type.text, given);
}

}  // namespace nyx::script
