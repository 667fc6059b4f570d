#include "compiler/analyze/offers.h"

#include <fmt/format.h>

#include <algorithm>

namespace nyx::analyze {

using diagnostics::Applicability;
using diagnostics::Diagnostic;

namespace {

bool is_scalar(TypeKind kind) {
    return kind == TypeKind::kBool || kind == TypeKind::kInt || kind == TypeKind::kFloat ||
           (kind >= TypeKind::kSize && kind <= TypeKind::kFrequency);
}

// `"12"`, of which a number can be made by taking the quotes away.
bool is_quoted_number(std::string_view text) {
    return text.size() > 2 && (text.front() == '"' || text.front() == '\'') &&
           text.substr(1, text.size() - 2).find_first_not_of("0123456789") == std::string_view::npos;
}

// A text where a number is wanted: what it says, if it is written there, else what it will say.
void offer_number(const Model::Data& data, Diagnostic& finding, const Operand& text, TypeKind wanted) {
    std::string_view written = data.sources->text(text.where);
    std::string_view function = wanted == TypeKind::kFloat ? "float" : "int";
    if (is_quoted_number(written))
        finding.fix("take the quotes away", Applicability::kMaybeIncorrect, text.where,
                    std::string(written.substr(1, written.size() - 2)));
    else if (written.find_first_of("\"'") == std::string_view::npos)
        finding.fix(fmt::format("convert it by `{}(…)`", function), Applicability::kMaybeIncorrect, text.where,
                    fmt::format("{}({})", function, written));
}

void offer_one_way(const Model::Data& data, Diagnostic& finding, std::string_view op, const Operand& one,
                   const Operand& other) {
    TypeKind kind = data.types.kind(one.type);
    TypeKind of_other = data.types.kind(other.type);
    bool number = of_other == TypeKind::kInt || of_other == TypeKind::kFloat;
    if (kind == TypeKind::kString && number) offer_number(data, finding, one, of_other);
    if (op == "+" && kind == TypeKind::kArray && (is_scalar(of_other) || of_other == TypeKind::kString))
        finding.fix("make it an array of one", Applicability::kMaybeIncorrect, other.where,
                    fmt::format("[{}]", data.sources->text(other.where)));
}

std::string_view first_value(TypeKind kind) {
    switch (kind) {
        case TypeKind::kBool:
            return "false";
        case TypeKind::kInt:
            return "0";
        case TypeKind::kFloat:
            return "0.0";
        case TypeKind::kString:
            return "\"\"";
        case TypeKind::kArray:
            return "[]";
        case TypeKind::kMap:
            return "{}";
        default:
            return {};
    }
}

std::string_view all_text(const Model::Data& data, std::uint32_t file) {
    return data.sources->file(file).text;
}

// The lines that the declaration fills, with the blank ones before it; unknown where something else stands on them.
Span whole_lines(std::string_view text, Span where) {
    std::uint32_t begin = where.begin;
    if (begin > 0 && text[begin - 1] != '\n') return {};
    if (where.end < text.size() && text[where.end] != '\n') return {};
    while (begin > 1 && text[begin - 1] == '\n' && text[begin - 2] == '\n') --begin;
    return {where.file, begin, std::min(where.end + 1, static_cast<std::uint32_t>(text.size()))};
}

}  // namespace

void offer_conversions(const Model::Data& data, Diagnostic& finding, std::string_view op, const Operand& left,
                       const Operand& right) {
    offer_one_way(data, finding, op, left, right);
    offer_one_way(data, finding, op, right, left);
}

void offer_first_value(const Model::Data& data, Diagnostic& finding, const Symbol& symbol) {
    constexpr std::string_view kLet = "let ";
    std::string_view text = data.sources->text(symbol.span);
    std::string_view value = first_value(data.types.kind(symbol.type));
    bool alone = text.starts_with(kLet) && text.find_first_of("=,(\n") == std::string_view::npos;
    if (!symbol.annotated || value.empty() || !alone) return;
    Span word{symbol.span.file, symbol.span.begin, symbol.span.begin + static_cast<std::uint32_t>(kLet.size())};
    Span end{symbol.span.file, symbol.span.end, symbol.span.end};
    std::vector<diagnostics::Edit> edits;
    if (!text.starts_with("let mut ")) edits.push_back({word, "let mut "});
    edits.push_back({end, fmt::format(" = {}", value)});
    finding.fix({fmt::format("let it begin as {}", value), Applicability::kMaybeIncorrect, std::move(edits)});
}

void offer_earlier(const Model::Data& data, Diagnostic& finding, const Symbol& symbol, Span statement) {
    if (symbol.span.file != statement.file || symbol.span.begin < statement.end) return;
    Span lines = whole_lines(all_text(data, statement.file), symbol.span);
    if (!lines.known()) return;
    std::string text(data.sources->text(symbol.span));
    finding.fix({fmt::format("declare `{}` before this", symbol.name),
                 Applicability::kMaybeIncorrect,
                 {{{statement.file, statement.begin, statement.begin}, text + "\n"}, {lines, ""}}});
}

}  // namespace nyx::analyze
