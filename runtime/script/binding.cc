// What a program needs before it runs: its constants, its names, and the host's functions that it calls by name.
#include <algorithm>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

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

const NativeSpec* Natives::find(std::string_view name) const {
    auto found = std::find_if(specs_.rbegin(), specs_.rend(),
                              [name](const NativeSpec& spec) { return spec.free_function && spec.name == name; });
    return found == specs_.rend() ? nullptr : &*found;
}

Native* Interpreter::make_native(const NativeSpec& spec) {
    auto* native = heap_.make<Native>(std::string(spec.name), spec.function);
    read_parameters(*native, spec.parameters);
    heap_.pin(native);
    return native;
}

Status Interpreter::bind(const Natives& natives) {
    bind_constants();
    NYX_TRY(bind_functions(natives));
    bind_methods(natives);
    for (const ModuleTable& table : program_.modules) {
        Module::Exports exports(table.exports.begin(), table.exports.end());
        modules_.push_back(heap_.make<Module>(table.name, std::move(exports)));
        heap_.pin(modules_.back());
    }
    globals_.assign(program_.globals.size(), Value::unset());
    return {};
}

void Interpreter::bind_constants() {
    for (const Constant& constant : program_.constants) {
        constants_.push_back(constant_value(heap_, constant));
        names_.push_back(constants_.back().try_as<String>());
    }
    for (const CallSite& site : program_.call_sites) {
        site_methods_.push_back(heap_.intern(site.name));
        auto& names = site_names_.emplace_back();
        for (const std::string& name : site.names) names.push_back(heap_.intern(name));
    }
    init_name_ = heap_.intern("init");
}

Status Interpreter::bind_functions(const Natives& natives) {
    for (const std::string& name : program_.natives) {
        const NativeSpec* spec = natives.find(name);
        if (!spec)
            return nyx::fail(ErrorCode::kUnsupported, "the script needs `{}`, which this build does not have", name);
        natives_.push_back(make_native(*spec));
    }
    return {};
}

void Interpreter::bind_methods(const Natives& natives) {
    for (const NativeSpec& spec : natives.all()) {
        if (spec.method_of == 0) continue;
        Native* native = make_native(spec);
        for (std::size_t type = 0; type < methods_.size(); ++type) {
            if ((spec.method_of >> type & 1) != 0) methods_[type][heap_.intern(spec.name)] = native;
        }
    }
}

}  // namespace nyx::script
