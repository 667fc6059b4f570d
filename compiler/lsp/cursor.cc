#include "compiler/lsp/cursor.h"

#include <algorithm>

#include "compiler/lsp/cursor_text.h"
#include "compiler/lsp/words_before.h"
#include "compiler/syntax/keywords.h"

namespace nyx::lsp {

using syntax::Word;
using syntax::WordKind;

namespace {

// `serial com1 {`, `serial {`, `device serial(…) {`, also where an unfinished line stands before; empty: something
// else.
std::string device_type(const WordsBefore& before, const WordsBefore::Open& open) {
    if (before.text(open.statement) == "device") return std::string(before.text(open.statement + 1));
    auto is_name = [&](std::size_t back) {
        return open.word >= open.statement + back && before.kind(open.word - back) == WordKind::kName;
    };
    if (!is_name(1)) return {};
    bool one_line = is_name(2) && before.on_one_line(open.word - 2, open.word - 1);
    return std::string(before.text(open.word - (one_line ? 2 : 1)));
}

Block::Kind kind_of(const WordsBefore& before, const WordsBefore::Open& open, const Block* around, std::string& type) {
    // A map never stands behind a name: that is a device, and the line before it is unfinished.
    bool named = open.word > open.statement && before.kind(open.word - 1) == WordKind::kName;
    if (before.kind(open.word) == WordKind::kMapOpen && !named) return Block::Kind::kMap;
    std::string_view first = before.text(open.statement);
    if (first == "machine") return Block::Kind::kMachine;
    if (first == "schema") return Block::Kind::kSchema;
    if (first == "class") return Block::Kind::kClass;
    bool in_machine = around && around->kind == Block::Kind::kMachine;
    if (!in_machine || open.word == open.statement) return Block::Kind::kCode;
    if (first == "for" || first == "if" || first == "else" || first == "}") return Block::Kind::kMachine;
    type = device_type(before, open);
    return type.empty() ? Block::Kind::kCode : Block::Kind::kDevice;
}

std::vector<Block> blocks_of(const WordsBefore& before) {
    std::vector<Block> blocks;
    for (std::size_t i = 1; i < before.open().size(); ++i) {
        const WordsBefore::Open& open = before.open()[i];
        if (open.bracket != '{') continue;
        Block block;
        block.begin = before.word(open.word).end;
        block.kind = kind_of(before, open, blocks.empty() ? nullptr : &blocks.back(), block.type);
        blocks.push_back(std::move(block));
    }
    return blocks;
}

// The innermost `(` that has a name before it.
std::optional<CallSite> call_of(const WordsBefore& before) {
    for (std::size_t i = before.open().size(); i-- > 1;) {
        const WordsBefore::Open& open = before.open()[i];
        if (open.bracket == '{' && before.kind(open.word) != WordKind::kMapOpen) return std::nullopt;
        bool named = open.bracket == '(' && open.word > 0 && before.kind(open.word - 1) == WordKind::kName;
        if (!named) continue;
        CallSite call;
        std::size_t name = open.word - 1;
        call.callee = std::string(before.text(name));
        call.callee_begin = before.word(name).begin;
        call.is_member = name > 0 && (before.text(name - 1) == "." || before.text(name - 1) == "?.");
        call.is_device = name > 0 && before.text(name - 1) == "device";
        call.is_declaration = name > 0 && before.text(name - 1) == "fn";
        call.begin = before.word(open.word).end;
        call.argument = open.commas;
        call.named = open.named;
        bool value = before.kind(open.start) == WordKind::kName && open.start + 1 < before.count() &&
                     (before.text(open.start + 1) == ":" || before.text(open.start + 1) == "=");
        if (value) call.name = std::string(before.text(open.start));
        return call;
    }
    return std::nullopt;
}

bool is_type_position(const WordsBefore& before, const std::optional<CallSite>& call) {
    if (before.count() == 0) return false;
    std::string_view last = before.text(before.count() - 1);
    if (last == "->") return true;
    if (last != ":") return false;
    std::string_view first = before.text(before.inner().start);
    if (first == "let" || first == "const") return true;
    return call && call->is_declaration && before.length() == 2;
}

// `import a.b`, `use a`, `from a import b`.
bool read_import(const WordsBefore& before, std::string_view text, std::uint32_t end, Cursor& cursor) {
    std::size_t start = before.inner().start;
    std::string_view first = before.text(start);
    if (before.inner().bracket != '{' || (first != "import" && first != "use" && first != "from")) return false;
    std::size_t second = start + 1;
    while (second < before.count() && before.text(second) != "import") ++second;
    bool names = first == "from" && second < before.count();
    std::uint32_t from = before.word(start).end;
    std::uint32_t to = names ? before.word(second).begin : end;
    std::string path(text.substr(from, to - from));
    std::erase_if(path, [](char c) { return c == ' ' || c == '\t' || c == '"' || c == '\''; });
    cursor.wanted = names ? Wanted::kModuleName : Wanted::kModule;
    cursor.module = path;
    return true;
}

// Behind the first words of a statement in a machine or at the top.
std::optional<Wanted> after_header(const WordsBefore& before) {
    std::string_view first = before.text(before.inner().start);
    std::string_view last = before.text(before.count() - 1);
    if (first == "machine" && (last == ":" || last == "extends")) return Wanted::kBase;
    if (first == "class" && (last == ":" || last == "extends")) return Wanted::kExpression;
    if (first == "device" && before.length() == 1) return Wanted::kDeviceType;
    bool names = first == "machine" || first == "class" || first == "fn" || first == "schema" || first == "module" ||
                 first == "let" || first == "const" || first == "for" || first == "typealias";
    if (names && before.length() == 1) return Wanted::kNothing;
    if (before.length() == 2 && last == "mut") return Wanted::kNothing;
    return std::nullopt;
}

// `field = …` of the machine or device around.
std::string field_of(const WordsBefore& before, const Block* block) {
    bool declares = block && (block->kind == Block::Kind::kMachine || block->kind == Block::Kind::kDevice);
    std::size_t start = before.inner().start;
    bool assigned = declares && before.inner().bracket == '{' && before.kind(start) == WordKind::kName &&
                    before.text(start + 1) == "=";
    return assigned ? std::string(before.text(start)) : std::string();
}

// `serial …`: a name of the author's comes.
bool names_a_device(const WordsBefore& before, const Block* block) {
    std::size_t start = before.inner().start;
    return block && block->kind == Block::Kind::kMachine && before.inner().bracket == '{' && before.length() == 1 &&
           before.kind(start) == WordKind::kName && syntax::statement_keyword(before.text(start)) == 0;
}

Wanted wanted_by_statement(const WordsBefore& before, const Cursor& cursor) {
    const Block* block = cursor.block();
    bool entry = block && block->kind == Block::Kind::kMap;
    if (before.inner().bracket == '{' && before.length() == 0 && !entry) return Wanted::kStatement;
    if (before.count() == 0) return Wanted::kStatement;
    if (is_type_position(before, cursor.call)) return Wanted::kType;
    if (names_a_device(before, block)) return Wanted::kNothing;
    auto header = before.inner().bracket == '{' ? after_header(before) : std::nullopt;
    return header.value_or(Wanted::kExpression);
}

void decide(const WordsBefore& before, std::string_view text, Cursor& cursor) {
    cursor.wanted = wanted_by_statement(before, cursor);
    cursor.field = field_of(before, cursor.block());
    if (before.count() == 0 || read_import(before, text, cursor.begin, cursor)) return;
    std::size_t last = before.count() - 1;
    const Word& word = before.word(last);
    bool same_line = text.substr(word.end, cursor.begin - word.end).find('\n') == std::string_view::npos;
    if (before.text(last) == "." || before.text(last) == "?.") {
        cursor.wanted = last == 0 ? Wanted::kNothing : Wanted::kMember;
        cursor.receiver_end = last == 0 ? 0 : before.word(last - 1).end;
    } else if (word.kind == WordKind::kNumber && same_line) {
        cursor.wanted = Wanted::kUnit;
    }
}

}  // namespace

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::uint32_t word_end(std::string_view text, std::uint32_t offset) {
    while (offset < text.size() && is_word(text[offset])) ++offset;
    return offset;
}

Cursor cursor_at(std::string_view text, std::uint32_t offset) {
    offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
    Cursor cursor;
    cursor.begin = offset;
    Surroundings around = surroundings(text, offset);
    if (around.kind == Surroundings::Kind::kComment) return cursor;
    bool in_string = around.kind == Surroundings::Kind::kString;
    if (in_string) {
        cursor.begin = around.begin;
    } else {
        while (cursor.begin > around.begin && is_word(text[cursor.begin - 1])) --cursor.begin;
    }
    cursor.prefix = std::string(text.substr(cursor.begin, offset - cursor.begin));
    // Of code in a string what is around the string is not looked at.
    std::uint32_t from = in_string ? 0 : around.begin;
    std::uint32_t to = cursor.begin;
    while (in_string && to > 0 && (text[to - 1] == '"' || text[to - 1] == '\'')) --to;
    std::string code(from, ' ');
    WordsBefore before(std::move(code.append(text.substr(from, to - from))));
    cursor.blocks = blocks_of(before);
    cursor.call = call_of(before);
    decide(before, text, cursor);
    if (in_string) cursor.wanted = cursor.wanted == Wanted::kModule ? Wanted::kModule : Wanted::kPath;
    if (!in_string && !cursor.prefix.empty() && cursor.prefix[0] >= '0' && cursor.prefix[0] <= '9')
        cursor.wanted = Wanted::kNothing;
    return cursor;
}

}  // namespace nyx::lsp
