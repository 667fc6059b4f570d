#include "compiler/doc/code.h"

#include <fmt/format.h>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/doc/html.h"
#include "compiler/syntax/words.h"

namespace nyx::doc {

namespace {

const char* style_of(syntax::WordKind kind) {
    switch (kind) {
        case syntax::WordKind::kKeyword:
        case syntax::WordKind::kValue:
            return "k";
        case syntax::WordKind::kNumber:
        case syntax::WordKind::kUnit:
            return "n";
        case syntax::WordKind::kString:
            return "s";
        default:
            return "";
    }
}

std::string span(std::string_view style, std::string_view text) {
    return style.empty() ? escaped(text) : fmt::format("<span class=\"{}\">{}</span>", style, escaped(text));
}

// Blanks and comments between two words.
std::string between(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t mark = text.find('#');
        if (mark == std::string_view::npos) return out + escaped(text);
        std::size_t end = std::min(text.find('\n', mark), text.size());
        out += escaped(text.substr(0, mark)) + span("c", text.substr(mark, end - mark));
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace

std::string code(const Context& context, std::string_view text) {
    diagnostics::Sink ignored;  // what is no program is shown all the same
    std::string out;
    std::size_t at = 0;
    for (const syntax::Word& word : syntax::words(text, 0, ignored)) {
        if (word.begin < at || word.end > text.size() || word.end <= word.begin) continue;
        out += between(text.substr(at, word.begin - at));
        std::string_view name = text.substr(word.begin, word.end - word.begin);
        bool is_member = word.begin > 0 && text[word.begin - 1] == '.';
        bool is_name = word.kind == syntax::WordKind::kName && !is_member;
        const Entry* meant = is_name ? context.entries.find(name, context.module) : nullptr;
        // A built-in function is meant where it is called: `string` alone is the type.
        bool is_call = word.end < text.size() && text[word.end] == '(';
        if (meant && meant->kind == Kind::kBuiltin && !is_call) meant = nullptr;
        out += meant ? link(context.root + meant->href, name) : span(style_of(word.kind), name);
        at = word.end;
    }
    return out + between(text.substr(at));
}

std::string code_block(const Context& context, std::string_view text) {
    return fmt::format("<pre tabindex=\"0\"><code>{}</code></pre>\n", code(context, text));
}

std::string signature(const source::SourceMap& sources, const std::string& name, const ast::FnBody& fn) {
    std::string text = "fn " + name + "(";
    std::size_t last_line = text.size();
    for (const ast::Parameter& parameter : fn.parameters) {
        if (text.back() != '(') text += ", ";
        std::string one = parameter.name.text;
        if (parameter.type) one += fmt::format(": {}", sources.text(parameter.type->span));
        if (parameter.default_value) one += fmt::format(" = {}", sources.text(parameter.default_value->span));
        if (text.size() + one.size() - last_line > 90) {
            text += "\n    ";
            last_line = text.size();
        }
        text += one;
    }
    text += ")";
    if (fn.result) text += fmt::format(" -> {}", sources.text(fn.result->span));
    return text;
}

}  // namespace nyx::doc
