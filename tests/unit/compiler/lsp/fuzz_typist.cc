#include "fuzz_typist.h"

#include <algorithm>

namespace nyx::lsp {

namespace {

constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

constexpr const char* kPieces[] = {
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "'",
    "${",
    "\n",
    "\r\n",
    "\t",
    "#",
    ".",
    ",",
    ":",
    "=",
    " = ",
    "?.",
    "..",
    "->",
    "=>",
    "2 GiB",
    "0x",
    "machine m {\n    memory = 64 MiB\n}\n",
    "serial com1 { }\n",
    "import std.boards.pc\n",
    "from vm import *\n",
    "fn f(a, b = 2) { return a }\n",
    "class A extends B { x = 1; fn init(self) { self.y = 2 } }\n",
    "if x {\n",
    "} else {\n",
    "for i in 0..3 { print(i) }\n",
    "let z = [1, {a: 2}]\n",
    "match x { 1 => 2, _ => 3 }\n",
    "try { f() } catch e { throw e }\n",
    "boot = linux(kernel: \"vmlinuz\", ",
    "require memory > 1 MiB, \"x\"\n",
    "x.y(",
    "\xC3\xA9",
    "\xF0\x9F\x98\x80",
    "\xE2\x80\xA8",
    "\\",
    "self.",
    "return ",
    "module M { let q = 1 }\n",
    "\"a ${b:x} c\"",
    "r\"\"",
    "device gpio(base = 1)\n",
};

constexpr const char* kMethods[] = {
    "textDocument/completion",
    "textDocument/signatureHelp",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/selectionRange",
    "textDocument/codeAction",
    "textDocument/rename",
    "textDocument/prepareRename",
    "textDocument/codeLens",
    "textDocument/formatting",
    "workspace/symbol",
};

}  // namespace

void FuzzTypist::edit(FuzzEditor& editor) {
    std::size_t size = editor.text().size();
    std::size_t at = below(size + 1);
    switch (below(8)) {
        case 0:
            return editor.replace(at, at, piece());
        case 1:
            return editor.replace(at, std::min(size, at + below(12)), "");
        case 2:
            return editor.replace(at, std::min(size, at + below(200)), some_lines(some_text()));
        case 3:
            return type(editor, at, piece());
        case 4:
            return move_line(editor, at);
        case 5:
            return editor.replace(at, at, std::string(1, static_cast<char>(' ' + below(95))));
        case 6:
            return replace_word(editor, at);
        default:
            return editor.replace(size, size, "\n" + piece());
    }
}

void FuzzTypist::ask(FuzzEditor& editor) {
    editor.ask(kMethods[below(std::size(kMethods))], below(editor.text().size() + 1));
}

std::string FuzzTypist::piece() {
    return kPieces[below(std::size(kPieces))];
}

std::string FuzzTypist::some_lines(const std::string& text) {
    std::size_t begin = text.find('\n', below(text.size()));
    if (begin == std::string::npos) return {};
    std::size_t end = begin + 1;
    for (std::size_t i = below(6); i-- > 0 && end != std::string::npos;) end = text.find('\n', end + 1);
    return text.substr(begin + 1, end == std::string::npos ? end : end - begin);
}

void FuzzTypist::type(FuzzEditor& editor, std::size_t at, const std::string& text) {
    for (char c : text) {
        // Half a character cannot be typed.
        if ((static_cast<unsigned char>(c) & 0x80) != 0) return;
        editor.replace(at, at, std::string(1, c));
        ++at;
        editor.step(static_cast<int>(below(3)));
    }
}

void FuzzTypist::move_line(FuzzEditor& editor, std::size_t at) {
    const std::string text = editor.text();
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::size_t begin = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
    begin = begin == std::string::npos ? 0 : begin + 1;
    editor.replace(begin, end, "");
    std::size_t to = below(editor.text().size() + 1);
    editor.replace(to, to, "\n" + text.substr(begin, end - begin));
}

void FuzzTypist::replace_word(FuzzEditor& editor, std::size_t at) {
    const std::string text = editor.text();
    std::size_t begin = text.find_first_of(kLetters, at);
    if (begin == std::string::npos) return;
    std::size_t end = std::min(text.find_first_not_of(kLetters, begin), text.size());
    std::size_t from = text.find_first_of(kLetters, below(text.size()));
    if (from == std::string::npos) return;
    editor.replace(begin, end,
                   text.substr(from, std::min<std::size_t>(text.find_first_not_of(kLetters, from) - from, 30)));
}

}  // namespace nyx::lsp
