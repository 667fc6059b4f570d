#include "compiler/analyze/complaints.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/analyze/offers.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::analyze {

using diagnostics::Applicability;
using diagnostics::Code;
using diagnostics::Diagnostic;

namespace {

std::string with_article(const std::string& noun) {
    bool vowel = !noun.empty() && std::string_view("aeioAEIO").find(noun[0]) != std::string_view::npos;
    return (vowel ? "an " : "a ") + noun;
}

}  // namespace

Complaints::Complaints(Model::Data& data, diagnostics::Sink& sink) : data_(data), sink_(sink) {
    reported_.resize(data.files.size());
    for (const Diagnostic& one : sink.all()) {
        const Span& span = one.primary.span;
        if (span.file < reported_.size())
            reported_[span.file].push_back({span.begin, std::max(span.end, span.begin + 1)});
    }
    for (auto& file : reported_) {
        std::sort(file.begin(), file.end(), [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
        std::uint32_t greatest = 0;
        for (Interval& one : file) one.end = greatest = std::max(greatest, one.end);
    }
}

bool Complaints::known(Span span) const {
    if (span.file >= reported_.size()) return true;
    const auto& file = reported_[span.file];
    auto after = std::lower_bound(file.begin(), file.end(), std::max(span.end, span.begin + 1),
                                  [](const Interval& one, std::uint32_t end) { return one.begin < end; });
    return after != file.begin() && std::prev(after)->end > span.begin;
}

Diagnostic* Complaints::report(Code code, Span where, std::string message, std::string label, Span failing) {
    if (!on_ || known(where) || (failing.known() && known(failing))) return nullptr;
    if (failing.known()) data_.mistakes.push_back(failing);
    auto severity = in_try_ > 0 ? diagnostics::Severity::kWarning : diagnostics::code_severity(code);
    return &sink_.report(code, severity, where, std::move(message), std::move(label));
}

void Complaints::declared_at(Diagnostic& finding, Span where) {
    if (where.known() && where.begin != where.end) finding.label(where, "declared here");
}

// ---- Members and calls ----------------------------------------------------------------------------------------------

void Complaints::unknown_member(Span where, const std::string& object, const std::string& name, Span declared,
                                const std::vector<std::string>& known, Span failing) {
    Diagnostic* finding = report(Code::kUnknownMember, where, fmt::format("{} has no member `{}`", object, name),
                                 "not known here", failing);
    if (!finding) return;
    declared_at(*finding, declared);
    ++suggestions_;
    auto meant = diagnostics::did_you_mean(name, known);
    if (!meant) return;
    finding->help(fmt::format("did you mean `{}`?", *meant));
    finding->fix(
        {fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect, {{where, *meant}}});
}

void Complaints::not_callable(Span callee, Type type, Span failing) {
    std::string text = data_.text(type);
    bool instance = data_.types.kind(type) == TypeKind::kInstance;
    Diagnostic* finding =
        report(Code::kNotCallable, callee, fmt::format("{} cannot be called", instance ? with_article(text) : text),
               fmt::format("this is {}", with_article(text)), failing);
    if (!finding || callee.end > failing.end) return;
    Span parentheses{callee.file, callee.end, failing.end};
    if (data_.sources->text(parentheses) == "()")
        finding->fix("remove the parentheses", Applicability::kMaybeIncorrect, parentheses, "");
}

void Complaints::one_argument_more(Span where, const Signature& signature, Span failing) {
    std::size_t count = signature.parameters.size();
    Diagnostic* finding = report(
        Code::kWrongArguments, where,
        fmt::format("`{}` takes {} argument{}, and this is one more", signature.name, count, count == 1 ? "" : "s"), {},
        failing);
    if (finding) declared_at(*finding, signature.where);
}

void Complaints::no_parameter(Span where, const Signature& signature, const std::string& name, Span failing) {
    Diagnostic* finding = report(Code::kWrongArguments, where,
                                 fmt::format("`{}` has no parameter `{}`", signature.name, name), {}, failing);
    if (!finding) return;
    declared_at(*finding, signature.where);
    std::vector<std::string> names;
    for (const SignatureParameter& parameter : signature.parameters) names.push_back(parameter.name);
    auto meant = diagnostics::did_you_mean(name, names);
    if (!meant) return;
    finding->help(fmt::format("did you mean `{}`?", *meant));
    finding->fix(
        {fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect, {{where, *meant}}});
}

void Complaints::given_twice(Span where, const Signature& signature, const std::string& name, Span failing) {
    Diagnostic* finding = report(Code::kWrongArguments, where,
                                 fmt::format("`{}` is given twice to `{}`", name, signature.name), {}, failing);
    if (finding) declared_at(*finding, signature.where);
}

void Complaints::missing_argument(Span where, const Signature& signature, const std::string& name, Span failing) {
    Diagnostic* finding =
        report(Code::kWrongArguments, where, fmt::format("`{}` needs `{}`", signature.name, name), {}, failing);
    if (finding) declared_at(*finding, signature.where);
}

void Complaints::mismatch(const Misfit& misfit, const std::string& subject, Span declared, Span failing) {
    Diagnostic* finding = report(Code::kTypeMismatch, misfit.where,
                                 fmt::format("{}{} is {}, and this is {}", misfit.is_element ? "an element of " : "",
                                             subject, data_.text(misfit.wanted), data_.text(misfit.given)),
                                 {}, failing);
    if (finding) declared_at(*finding, declared);
}

// ---- Operations -----------------------------------------------------------------------------------------------------

void Complaints::operands(std::string_view op, Span op_span, Span left, Type a, Span right, Type b, Span whole) {
    const TypeTable& types = data_.types;
    // `x in 5`: whatever x is.
    if (types.is_unknown(a) || types.is_nothing(a)) return operand(op, right, b, whole);
    if (types.is_unknown(b) || types.is_nothing(b)) return operand(op, left, a, whole);
    std::string first = data_.text(a);
    std::string second = data_.text(b);
    bool both = types.is_quantity(a) && types.is_quantity(b);
    bool one = types.is_quantity(a) || types.is_quantity(b);
    std::string message = fmt::format("`{}` does not work on {} and {}", op, first, second);
    if (both && first != second)
        message = fmt::format("{} and {} cannot go together in `{}`", with_article(first), with_article(second), op);
    bool number = one && !both && (types.kind(a) == TypeKind::kInt || types.kind(b) == TypeKind::kInt);
    if (number) {
        message = fmt::format("`{}` needs {} on both sides, and one is an int", op,
                              with_article(types.is_quantity(a) ? first : second));
    }
    Code code = number || (both && first != second) ? Code::kMixedUnits : Code::kOperandTypes;
    Diagnostic* finding = report(code, op_span, std::move(message), {}, whole);
    if (!finding) return;
    finding->label(left, with_article(first));
    finding->label(right, with_article(second));
    if (code == Code::kOperandTypes) offer_conversions(data_, *finding, op, {left, a}, {right, b});
    if (number) {
        finding->help("give the number a unit");
        bool left_number = types.kind(a) == TypeKind::kInt;
        offer_unit(*finding, left_number ? left : right, left_number ? right : left, left_number ? b : a);
    }
}

// That of the other side where it is written there, else the usual one.
void Complaints::offer_unit(Diagnostic& finding, Span number, Span quantity, Type type) {
    std::string_view digits = data_.sources->text(number);
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return;
    constexpr std::string_view kUsual[] = {"MiB", "ms", "Gbit/s", "GHz"};
    auto kind = static_cast<std::size_t>(data_.types.kind(type)) - static_cast<std::size_t>(TypeKind::kSize);
    std::string_view unit = kind < std::size(kUsual) ? kUsual[kind] : kUsual[0];
    std::string_view other = data_.sources->text(quantity);
    std::size_t blank = other.rfind(' ');
    bool written = blank != std::string_view::npos && blank > 0 &&
                   other.substr(0, blank).find_first_not_of("0123456789.") == std::string_view::npos;
    if (written) unit = other.substr(blank + 1);
    finding.fix(fmt::format("write `{} {}`", digits, unit), Applicability::kMaybeIncorrect, number,
                fmt::format("{} {}", digits, unit));
}

// Not with a comment in it, which may be worth keeping.
void Complaints::offer_removal(Diagnostic& finding, std::string title, Span where) {
    if (where.known() && data_.sources->text(where).find('#') == std::string_view::npos)
        finding.fix(std::move(title), Applicability::kMaybeIncorrect, where, "");
}

void Complaints::operand(std::string_view op, Span operand, Type type, Span whole) {
    report(Code::kOperandTypes, operand, fmt::format("`{}` does not work on {}", op, data_.text(type)),
           fmt::format("this is {}", with_article(data_.text(type))), whole);
}

void Complaints::no_elements(Span where, Type type, std::string_view what, Span failing) {
    Diagnostic* finding = report(Code::kNoElements, where, fmt::format("{} cannot be {}", data_.text(type), what),
                                 fmt::format("this is {}", with_article(data_.text(type))), failing);
    bool count = finding && data_.types.kind(type) == TypeKind::kInt && what == "iterated";
    if (!count) return;
    std::string text(data_.sources->text(where));
    finding->help(fmt::format("to count, write `0..{:.40}`", text));
    finding->fix({"count from 0",
                  diagnostics::Applicability::kMaybeIncorrect,
                  {{{where.file, where.begin, where.begin}, "0.."}}});
}

void Complaints::bad_index(Span where, Type object, Type index, Span failing) {
    report(Code::kNoElements, where, fmt::format("{} cannot be indexed by {}", data_.text(object), data_.text(index)),
           fmt::format("this is {}", with_article(data_.text(index))), failing);
}

void Complaints::wrong_count(Span where, Type type, std::size_t wanted, std::size_t given, Span failing) {
    report(Code::kNoElements, where, fmt::format("{} values are wanted and {} has {}", wanted, data_.text(type), given),
           {}, failing);
}

// ---- The way through a function -------------------------------------------------------------------------------------

void Complaints::missing_return(const FunctionEntry& entry) {
    const Symbol& symbol = data_.symbols[entry.symbol];
    Diagnostic* finding = report(Code::kMissingReturn, entry.where,
                                 fmt::format("`{}` ends without a result on some path", symbol.name), {}, {});
    if (!finding) return;
    Span promise = entry.body->result->span;
    finding->label(promise, fmt::format("{} is promised here", data_.text(entry.result)))
        .fix("let the result be null then", Applicability::kMaybeIncorrect, {promise.file, promise.end, promise.end},
             "?");
}

void Complaints::unassigned(Span where, const Symbol& symbol, Span statement) {
    Diagnostic* finding =
        report(Code::kUnassigned, where, fmt::format("`{}` has no value yet", symbol.name), "read here", where);
    if (!finding || !symbol.name_span.known() || symbol.name_span == where) return;
    bool later = symbol.name_span.begin > where.begin;
    finding->label(symbol.name_span, later ? "it gets one here" : "declared here");
    bool movable = symbol.kind == SymbolKind::kFunction || symbol.kind == SymbolKind::kClass;
    if (later && movable && statement.known()) offer_earlier(data_, *finding, symbol, statement);
    if (!later) offer_first_value(data_, *finding, symbol);
}

void Complaints::unreachable(Span where, Span leaver) {
    Diagnostic* finding = report(Code::kUnreachable, where, "this is never reached", {}, {});
    if (!finding) return;
    finding->label(leaver, "nothing goes on behind this");
    offer_removal(*finding, "remove it", {where.file, leaver.end, where.end});
}

void Complaints::duplicate_key(Span where, Span first, const std::string& key, Span first_entry) {
    Diagnostic* finding = report(Code::kDuplicateKey, where, fmt::format("the key {} stands twice in this map", key),
                                 "this one counts", {});
    if (!finding) return;
    finding->label(first, "first here");
    offer_removal(*finding, "remove the first", first_entry);
}

void Complaints::duplicate_case(Span where, Span first, const std::string& value, Span whole) {
    Diagnostic* finding =
        report(Code::kDuplicateCase, where, fmt::format("{} was a case before", value), "never chosen", {});
    if (!finding) return;
    finding->label(first, "first here");
    offer_removal(*finding, "remove the second", whole);
}

}  // namespace nyx::analyze
