// Units behind a number: those of the field's dimension, or all.
#include "compiler/lsp/completion.h"
#include "compiler/syntax/units.h"

namespace nyx::lsp {

namespace {

std::optional<syntax::Dimension> dimension_of(check::TypeKind kind) {
    switch (kind) {
        case check::TypeKind::kSize:
            return syntax::Dimension::kSize;
        case check::TypeKind::kTime:
            return syntax::Dimension::kTime;
        case check::TypeKind::kRate:
            return syntax::Dimension::kRate;
        case check::TypeKind::kFrequency:
            return syntax::Dimension::kFrequency;
        default:
            return std::nullopt;
    }
}

std::string meaning(const syntax::Unit& unit) {
    constexpr const char* kBase[] = {"bytes", "ns", "bit/s", "Hz"};
    return std::to_string(unit.base_units) + " " + kBase[static_cast<std::size_t>(unit.dimension)];
}

}  // namespace

void complete_units(const Completion& at) {
    const check::FieldSpec* field = field_at(at);
    auto wanted = field ? dimension_of(field->type.kind) : std::nullopt;
    if (field && !wanted) return;  // a plain number
    int order = 0;
    for (const std::string& word : syntax::all_units()) {
        const syntax::Unit* unit = syntax::find_unit(word);
        if (!unit || (wanted && unit->dimension != *wanted)) continue;
        // Powers of two are what sizes are mostly written in.
        bool usual = unit->dimension != syntax::Dimension::kSize || word.find('i') != std::string::npos;
        at.items.add({.label = word,
                      .kind = ItemKind::kUnit,
                      .detail = meaning(*unit),
                      .rank = static_cast<char>((usual ? '0' : 'A') + std::min(order++, 9))});
    }
}

}  // namespace nyx::lsp
