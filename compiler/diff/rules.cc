#include "compiler/diff/rules.h"

namespace nyx::diff {

std::span<const Rule> rules() {
    static constexpr Rule kRules[] = {
#define NYX_RULE(kind, change, strength, reason) {kind, ChangeKind::k##change, Class::k##strength, reason},
#include "compiler/diff/rules.def"
    };
    return kRules;
}

Verdict judge(std::string_view kind, ChangeKind change) {
    auto fits = [&](const Rule& rule) {
        bool named = rule.kind.empty() || kind == rule.kind || kind.starts_with(std::string(rule.kind) + " ");
        return named && (rule.change == ChangeKind::kAny || rule.change == change);
    };
    for (const Rule& rule : rules())
        if (fits(rule)) return {rule.strength, rule.reason};
    return {Class::kBreaksView, ""};  // never: the last rule fits
}

}  // namespace nyx::diff
