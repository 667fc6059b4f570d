// A device that extends another: `device b(…) : a { override reg lcr @3 rw … }`.
#include <fmt/format.h>

#include "compiler/device/declarer.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using ast::ItemKind;
using diagnostics::Code;

namespace {

constexpr std::size_t kMostLevels = 16;

// The name by which an item can be overridden; empty: it cannot.
const ast::Ident* name_of(const ast::DeviceItem& item) {
    switch (item.kind) {
        case ItemKind::kReg:
            return &ast::as<ast::RegItem>(item).name;
        case ItemKind::kDerive:
            return &ast::as<ast::DeriveItem>(item).name;
        case ItemKind::kFn:
            return &ast::as<ast::FnItem>(item).function->name;
        case ItemKind::kOn:
            return &ast::as<ast::OnItem>(item).handler->event;
        case ItemKind::kEnum:
            return &ast::as<ast::EnumItem>(item).name;
        default:
            return nullptr;
    }
}

std::string key_of(const ast::DeviceItem& item, const ast::Ident& name) {
    return fmt::format("{} {}", static_cast<int>(item.kind), name.text);
}

}  // namespace

void Declarer::find_levels() {
    const ast::DeviceDecl* level = device_.node;
    while (level != nullptr) {
        device_.levels.insert(device_.levels.begin(), level);
        const auto found = level->base ? known_.find(level->base->text) : known_.end();
        const ast::DeviceDecl* next = found == known_.end() ? nullptr : found->second;
        const bool is_circle = std::find(device_.levels.begin(), device_.levels.end(), next) != device_.levels.end();
        if (next != nullptr && (is_circle || device_.levels.size() >= kMostLevels)) {
            bad(level->base->span, is_circle ? "devices extend each other in a circle"
                                             : fmt::format("more than {} devices extend each other", kMostLevels));
            break;
        }
        level = next;
    }
    for (const ast::DeviceDecl* one : device_.levels) {
        for (const ast::Parameter& parameter : one->parameters) {
            const auto known =
                std::find_if(device_.all_parameters.begin(), device_.all_parameters.end(),
                             [&](const ast::Parameter* other) { return other->name.text == parameter.name.text; });
            if (known == device_.all_parameters.end()) device_.all_parameters.push_back(&parameter);
        }
    }
}

// The override that is nearest to the device wins.
void Declarer::collect_overrides() {
    for (const ast::DeviceDecl* level : device_.levels) {
        for (const ast::ItemPtr& one : level->items) {
            if (!one->override_word) continue;
            const ast::Ident* name = name_of(*one);
            if (name == nullptr) {
                device_.report(
                    Code::kOverride, *one->override_word,
                    "only a register, a derived value, a function, a handler or an enumeration is overridden");
            } else {
                Override& slot = overrides_[key_of(*one, *name)];
                const bool was_used = slot.item != nullptr;
                slot.item = one.get();
                slot.is_used = was_used && slot.is_used;
            }
        }
    }
}

const ast::DeviceItem& Declarer::overridden(const ast::DeviceItem& item) {
    const ast::Ident* name = name_of(item);
    if (name == nullptr) return item;
    const std::string key = key_of(item, *name);
    can_be_overridden_[key] = name->text;
    const auto found = overrides_.find(key);
    if (found == overrides_.end() || found->second.item == &item) return item;
    found->second.is_used = true;
    return *found->second.item;
}

void Declarer::check_overrides() {
    for (const auto& [key, one] : overrides_) {
        if (one.is_used) continue;
        const ast::Ident& name = *name_of(*one.item);
        auto& finding =
            device_.report(Code::kOverride, name.span, fmt::format("there is no `{}` to override", name.text));
        std::vector<std::string> names;
        const std::string kind = key.substr(0, key.find(' ') + 1);
        for (const auto& [other, called] : can_be_overridden_)
            if (other.starts_with(kind)) names.push_back(called);
        if (auto near = diagnostics::did_you_mean(name.text, names)) {
            finding.help(fmt::format("did you mean `{}`?", *near))
                .fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMachineApplicable, name.span,
                     *near);
        } else if (device_.levels.size() == 1) {
            finding.help("this device extends none: `device name(…) : other { … }`");
        }
    }
}

}  // namespace nyx::device
