// Calls of every kind: closures, natives, classes, bound methods, with arguments by place and by name.
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

// Operands that an instruction may use beyond what the verifier counted.
constexpr std::size_t kSlack = 4;

// "a, b?"
std::string parameter_list(std::span<const std::string> parameters, std::size_t required) {
    std::string out;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        out += (i == 0 ? "" : ", ") + parameters[i] + (i < required ? "" : "?");
    }
    return out;
}

}  // namespace

bool Interpreter::wrong_arity(std::string_view name, std::span<const std::string> parameters, std::size_t required,
                              std::size_t given) {
    std::string wanted = required == parameters.size() ? fmt::format("{}", required)
                                                       : fmt::format("{} to {}", required, parameters.size());
    return fail_with(ErrorKind::kArity, "`{}({})` takes {} argument{}, and {} {} given", name,
                     parameter_list(parameters, required), wanted, wanted == "1" ? "" : "s", given,
                     given == 1 ? "was" : "were");
}

bool Interpreter::push_frame(const Function* function, Closure* closure, Value* base, Value* result, Frame::Kind kind) {
    if (frames_.size() >= limits_.depth) {
        return fail_with(ErrorKind::kLimit, "calls are more than {} deep", limits_.depth);
    }
    if (static_cast<std::size_t>(stack_end_ - base) <= function->local_count + function->max_stack + kSlack) {
        return fail(ErrorKind::kLimit, "the call stack is full");
    }
    frames_.push_back({function, closure, function->code.data(), base, result, kind});
    for (Value* local = std::max(sp_, base); local < base + function->local_count; ++local) *local = Value::unset();
    sp_ = base + function->local_count;
    return true;
}

// base holds self (if any), the positional and then the named values. Puts each where its parameter is.
bool Interpreter::place_named(const Function& function, Value* base, std::size_t positional,
                              std::span<String* const> names) {
    std::array<Value, 256> given;
    Value* parameters = base + (function.has_self ? 1 : 0);
    if (names.size() > given.size()) return fail(ErrorKind::kArity, "too many arguments");
    std::copy_n(parameters + positional, names.size(), given.begin());
    std::size_t count = function.parameters.size();
    for (std::size_t i = positional; i < std::max(count, positional + names.size()); ++i)
        parameters[i] = Value::unset();
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto found = std::find(function.parameters.begin(), function.parameters.end(), names[i]->text);
        auto place = static_cast<std::size_t>(found - function.parameters.begin());
        if (place == count) {
            return fail_with(ErrorKind::kArity, "`{}({})` has no parameter `{}`", function.name,
                             parameter_list(function.parameters, function.required), names[i]->text);
        }
        if (place < positional || !parameters[place].is(Type::kUnset)) {
            return fail_with(ErrorKind::kArity, "`{}` is given twice to `{}`", names[i]->text, function.name);
        }
        parameters[place] = given[i];
    }
    sp_ = parameters + count;
    for (std::size_t i = positional; i < function.required; ++i) {
        if (parameters[i].is(Type::kUnset)) {
            return fail_with(ErrorKind::kArity, "`{}({})` needs `{}`", function.name,
                             parameter_list(function.parameters, function.required), function.parameters[i]);
        }
    }
    return true;
}

bool Interpreter::call_closure(Closure* closure, Value* callee, std::size_t positional, std::span<String* const> names,
                               Frame::Kind kind) {
    const Function& function = *closure->function;
    Value* base = function.has_self ? callee : callee + 1;
    if (positional > function.parameters.size() || (names.empty() && positional < function.required)) {
        return wrong_arity(function.name, function.parameters, function.required, positional + names.size());
    }
    // Room for the parameters before any is moved; push_frame checks the rest.
    if (static_cast<std::size_t>(stack_end_ - base) <= function.parameters.size() + names.size() + 2) {
        return fail(ErrorKind::kLimit, "the call stack is full");
    }
    if (!names.empty() && !place_named(function, base, positional, names)) return false;
    return push_frame(&function, closure, base, callee, kind);
}

bool Interpreter::call_native(Native* native, Value* first, Value* result, std::size_t positional,
                              std::span<String* const> names) {
    maybe_collect();
    bool too_many = !native->variadic && positional + names.size() > native->parameters.size();
    if (too_many || (names.empty() && positional < native->required)) {
        return wrong_arity(native->name, native->parameters, native->required, positional + names.size());
    }
    std::vector<NamedArg> named;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto known = std::find(native->parameters.begin(), native->parameters.end(), names[i]->text);
        if (known == native->parameters.end()) {
            return fail_with(ErrorKind::kArity, "`{}({})` has no parameter `{}`", native->name,
                             parameter_list(native->parameters, native->required), names[i]->text);
        }
        named.push_back({names[i], first[positional + i]});
    }
    Args args{{first, positional}, named};
    for (std::size_t i = positional; i < native->required; ++i) {
        if (!args.find(i, native->parameters[i])) {
            return fail_with(ErrorKind::kArity, "`{}` needs `{}`", native->name, native->parameters[i]);
        }
    }
    NativeResult value = native->function(*this, args);
    if (!value) return fail(std::move(value).error());
    *result = *value;
    sp_ = result + 1;
    return within_heap();
}

bool Interpreter::construct(Class* cls, Value* callee, std::size_t positional, std::span<String* const> names) {
    maybe_collect();
    auto* instance = heap_.make<Instance>(cls);
    *callee = instance;
    if (!within_heap()) return false;
    if (Closure* init = cls->find(init_name_)) {
        if (!init->function->has_self) return fail_with(ErrorKind::kType, "`{}.init` is not a method", cls->name);
        if (!call_closure(init, callee, positional, names, Frame::kConstruct)) return false;
    } else if (positional + names.size() != 0) {
        return fail_with(ErrorKind::kArity, "`{}()` takes no arguments: the class has no `init`", cls->name);
    } else {
        sp_ = callee + 1;
    }
    // The last frame pushed runs first, so a base's fields have their values before those of the class itself.
    for (Class* part = cls; part; part = part->base) {
        if (!part->fields) continue;
        if (sp_ + 1 >= stack_end_) return fail(ErrorKind::kLimit, "the call stack is full");
        Value* self = sp_;
        *sp_++ = instance;
        if (!call_closure(part->fields, self, 0, {}, Frame::kFields)) return false;
    }
    return true;
}

bool Interpreter::call_value(Value* callee, std::size_t positional, std::span<String* const> names) {
    switch (callee->type()) {
        case Type::kFunction: {
            auto* closure = &callee->as<Closure>();
            if (!closure->function->has_self) return call_closure(closure, callee, positional, names, Frame::kCall);
            // An unbound method: its first argument is the receiver.
            if (positional == 0) return fail_with(ErrorKind::kArity, "`{}` needs its object", closure->function->name);
            std::move(callee + 1, sp_, callee);
            --sp_;
            return call_closure(closure, callee, positional - 1, names, Frame::kCall);
        }
        case Type::kNative:
            return call_native(&callee->as<Native>(), callee + 1, callee, positional, names);
        case Type::kClass:
            return construct(&callee->as<Class>(), callee, positional, names);
        case Type::kMethod: {
            const auto& method = callee->as<Method>();
            Object* target = method.callee;
            *callee = method.self;
            if (target->type == Type::kNative) {
                return call_native(static_cast<Native*>(target), callee, callee, positional + 1, names);
            }
            return call_closure(static_cast<Closure*>(target), callee, positional, names, Frame::kCall);
        }
        default:
            return fail_with(ErrorKind::kType, "{} cannot be called", type_name(callee->type()));
    }
}

bool Interpreter::invoke(const CallSite& site, std::size_t index) {
    Value* receiver = sp_ - site.count() - 1;
    const String* name = site_methods_[index];
    const std::vector<String*>& names = site_names_[index];
    if (receiver->is(Type::kInstance)) {
        Closure* method = receiver->as<Instance>().cls->find(name);
        if (method && method->function->has_self)
            return call_closure(method, receiver, site.positional, names, Frame::kCall);
    } else if (Native* native = method_of(receiver->type(), name)) {
        return call_native(native, receiver, receiver, site.positional + std::size_t{1}, names);
    }
    NativeResult callee = member(*receiver, name);
    if (!callee) return fail(std::move(callee).error());
    *receiver = *callee;
    return call_value(receiver, site.positional, names);
}

bool Interpreter::invoke_super(const CallSite& site, std::size_t index) {
    Value* receiver = sp_ - site.count() - 1;
    const Closure* current = frames_.back().closure;
    const Class* owner = current ? current->owner : nullptr;
    if (!owner || !owner->base) return fail(ErrorKind::kType, "`super` needs a method of a class that extends another");
    const String* name = site_methods_[index];
    Closure* method = owner->base->find(name);
    if (!method || !method->function->has_self) {
        if (name == init_name_ && site.count() == 0) {  // the implicit init
            *receiver = Value();
            return true;
        }
        return fail_with(ErrorKind::kKey, "`{}` has no method `{}`", owner->base->name, name->text);
    }
    return call_closure(method, receiver, site.positional, site_names_[index], Frame::kCall);
}

}  // namespace nyx::script
