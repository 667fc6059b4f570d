// What a bare name means.
#include <algorithm>
#include <array>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/lowerer.h"
#include "compiler/syntax/keywords.h"
#include "runtime/script/natives.h"

namespace nyx::lower {

using diagnostics::Code;

const ModuleName* Lowerer::find_name(const ModuleScope& scope, const std::string& name) const {
    for (const ModuleScope* at = &scope; at; at = at->parent) {
        auto own = at->names.find(name);
        if (own != at->names.end()) return &own->second;
        if (name.starts_with("_")) continue;
        for (const ModuleScope* import : at->imports) {
            auto found = import->names.find(name);
            if (found != import->names.end()) return &found->second;
        }
    }
    return nullptr;
}

// As find_name, also of what is in a module: "memory.PageTable".
const ModuleName* Lowerer::find_dotted(const ModuleScope& scope, const std::string& name) const {
    std::size_t dot = name.find('.');
    const ModuleName* found = find_name(scope, name.substr(0, dot));
    while (found && dot != std::string::npos) {
        if (!found->module) return nullptr;
        std::size_t begin = dot + 1;
        dot = name.find('.', begin);
        auto inner = found->module->names.find(name.substr(begin, dot == std::string::npos ? dot : dot - begin));
        found = inner == found->module->names.end() ? nullptr : &inner->second;
    }
    return found;
}

// A local of `function`, or of one around it, which is then captured on the way.
bool Lowerer::resolve_in_functions(FunctionState& function, const std::string& name, Resolved& result) {
    if (LocalVariable* local = function.find(name)) {
        result.kind = Resolved::Kind::kLocal;
        result.local = local;
        return true;
    }
    if (!function.parent() || !resolve_in_functions(*function.parent(), name, result)) return false;
    bool from_local = result.kind == Resolved::Kind::kLocal;
    auto index = from_local ? result.local->slot : static_cast<std::uint16_t>(result.index);
    result.index = function.capture(from_local, index, name);
    result.kind = Resolved::Kind::kCapture;
    return true;
}

Resolved Lowerer::resolve(const std::string& name) {
    Resolved result;
    if (resolve_in_functions(*fn_, name == "this" ? "self" : name, result)) return result;
    if (class_ && class_->has_field(name)) {
        result.kind = Resolved::Kind::kField;
        return result;
    }
    if (class_ && class_->method(name)) {
        result.kind = Resolved::Kind::kMethod;
        return result;
    }
    result.name = find_name(*scope_, name);
    if (result.name != nullptr) {
        result.kind = Resolved::Kind::kModuleName;
        return result;
    }
    bool hidden = name.starts_with("__") && !scope_->is_stdlib;
    if (!hidden && script::standard_natives().find(name)) {
        result.kind = Resolved::Kind::kNative;
        result.index = tables_.native(name);
    }
    return result;
}

std::vector<std::string> Lowerer::names_in_reach() const {
    std::vector<std::string> all;
    for (const FunctionState* at = fn_; at; at = at->parent()) {
        for (std::string& name : at->names()) all.push_back(std::move(name));
    }
    for (const ModuleScope* at = scope_; at; at = at->parent) {
        for (const auto& [name, what] : at->names) all.push_back(name);
        for (const ModuleScope* import : at->imports) {
            for (const auto& [name, what] : import->names) all.push_back(name);
        }
    }
    for (const ClassSummary* at = class_; at; at = at->base) {
        all.insert(all.end(), at->fields.begin(), at->fields.end());
        for (const auto& [name, method] : at->methods) all.push_back(name);
    }
    for (const script::NativeSpec& native : script::standard_natives().all()) {
        if (native.free_function && !native.name.starts_with("__")) all.emplace_back(native.name);
    }
    std::sort(all.begin(), all.end());
    std::erase(all, "");
    return all;
}

void Lowerer::unknown_name(const std::string& name, Span where) {
    if (name == "self" || name == "this") {
        report(Code::kSelfOutside, where, fmt::format("`{}` is only known in methods", name));
        return;
    }
    auto& finding =
        report(Code::kUnknownName, where, fmt::format("nothing here is called `{}`", name), "not known here");
    constexpr int kMostSuggestions = 100;  // each compares all names
    if (++unknown_names_ > kMostSuggestions) return;
    std::optional<std::string> meant = diagnostics::did_you_mean(name, names_in_reach());
    if (std::string_view value = syntax::value_meant(name); !value.empty()) meant = value;
    constexpr std::array<std::string_view, 6> kWaysToBoot = {"elf", "firmware", "flat", "linux", "multiboot", "pvh"};
    if (std::find(kWaysToBoot.begin(), kWaysToBoot.end(), name) != kWaysToBoot.end()) {
        finding.help(fmt::format("as a way to boot it stands in a machine: `machine web {{ boot = {}(…) }}`", name));
    } else if (meant) {
        finding.help(fmt::format("did you mean `{}`?", *meant));
        finding.fix(
            {fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect, {{where, *meant}}});
    }
}

}  // namespace nyx::lower
