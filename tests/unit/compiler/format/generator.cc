#include "generator.h"

namespace nyx::format {

namespace {

constexpr const char* kOperators[] = {" + ",  "-",  "*",  " / ", "%",   "//",  "**",   " && ",    "||", " and ",
                                      " or ", "==", "!=", " < ", ">",   "<=",  " in ", "&",       "|",  " ^ ",
                                      "<<",   ">>", "..", "??",  " + ", " - ", " + ",  " not in "};

}  // namespace

std::string Generator::name() {
    constexpr const char* kNames[] = {"a",
                                      "b",
                                      "count",
                                      "machine_memory",
                                      "device",
                                      "test",
                                      "on",
                                      "read",
                                      "schema",
                                      "i",
                                      "a_name_of_thirty_characters_or",
                                      "value",
                                      "use",
                                      "self"};
    return kNames[pick(14)];
}

// Between words, where a line may not end.
std::string Generator::blank() {
    constexpr const char* kBlanks[] = {" ", " ", " ", "  ", "\t", " "};
    return kBlanks[pick(6)];
}

// Where a statement ends.
std::string Generator::line_end() {
    switch (pick(10)) {
        case 0:
            return ";";
        case 1:
            return ";\n";
        case 2:
            return "  # " + name() + "\n";
        case 3:
            return "\n\n\n# " + name() + "\n";
        case 4:
            return "\n# " + name() + "\n\n  # " + name() + "  \n";
        case 5:
            return "\r\n";
        default:
            return "\n";
    }
}

// Inside brackets, where lines may end anywhere.
std::string Generator::inner() {
    switch (pick(18)) {
        case 0:
            return "\n";
        case 1:
            return "\n\n  ";
        case 2:
            return " # " + name() + "\n";
        case 3:
            return "\n# " + name() + "\n\n";
        case 4:
            return " ";
        default:
            return "";
    }
}

std::string Generator::type(int depth) {
    if (depth <= 0) return pick(2) == 0 ? "int" : "a.b";
    switch (pick(7)) {
        case 0:
            return "[" + type(depth - 1) + "]";
        case 1:
            return "map<" + type(depth - 1) + "," + type(depth - 1) + ">";
        case 2:
            return "fn(" + type(depth - 1) + ") -> " + type(depth - 1);
        case 3:
            return type(0) + "?";
        case 4:
            return "size(1 KiB..2 GiB)";
        default:
            return "array<" + type(depth - 1) + ">";
    }
}

std::string Generator::literal() {
    constexpr const char* kLiterals[] = {"1",
                                         "2.5",
                                         "0xFF",
                                         "2 GiB",
                                         "100ms",
                                         "\"text\"",
                                         "'t'",
                                         "true",
                                         "\"a ${b + f(\"c\")} ${d:08x}\"",
                                         "\"\"\"long\n  text\"\"\"",
                                         "null",
                                         "\"# no comment\""};
    return kLiterals[pick(12)];
}

// kind: 0 arguments, 1 elements, 2 entries of a map
std::string Generator::list(const char* open, const char* close, int depth, int kind) {
    std::string text = open + inner();
    int count = pick(5) == 0 ? pick(12) : pick(4);
    for (int i = 0; i < count; ++i) {
        if (kind == 2) text += (pick(3) == 0 ? "\"k\"" : name()) + ":" + blank();
        if (kind == 0 && rarely()) text += name() + (pick(2) == 0 ? " = " : ": ");
        text += expression(depth - 1) + inner();
        if (i + 1 < count || rarely()) text += "," + inner();
    }
    return text + close;
}

std::string Generator::primary(int depth) {
    if (depth <= 0) return pick(2) == 0 ? name() : literal();
    switch (pick(12)) {
        case 0:
            return list("[", "]", depth, 1);
        case 1:
            return list("{", "}", depth, 2);
        case 2:
            return "(" + inner() + expression(depth - 1) + inner() + ")";
        case 3:
            return name() + list("(", ")", depth, 0);
        case 4:
            return name() + "[" + expression(depth - 1) + "]";
        case 5:
            return name() + "[" + (rarely() ? "" : name()) + ":" + (rarely() ? "" : expression(depth - 2)) + "]";
        case 6:
            return "fn" + parameters(depth - 1) + blank() + block(depth - 1);
        case 7:
            return "[" + inner() + expression(depth - 1) + " for k, v in " + primary(depth - 1) +
                   (rarely() ? " if " + expression(depth - 2) : "") + "]";
        case 8: {
            std::string chain = name() + (rarely() ? "()" : "");
            for (int i = pick(5); i >= 0; --i) {
                if (rarely()) chain += pick(2) == 0 ? "\n    " : "  # " + name() + "\n";
                chain += (rarely() ? "?." : ".") + name() + (rarely() ? "" : list("(", ")", depth - 1, 0));
            }
            return chain;
        }
        case 9:
            return "(" + primary(depth - 1) + ",)";
        default:
            return pick(2) == 0 ? name() : literal();
    }
}

std::string Generator::expression(int depth) {
    constexpr const char* kPrefixes[] = {"-", "!", "~", "not ", "- -"};
    std::string text = (rarely() ? kPrefixes[pick(5)] : "") + primary(depth);
    int operators = depth <= 0 ? 0 : pick(5) == 0 ? pick(9) : pick(2);
    for (int i = 0; i < operators; ++i) {
        text += " " + std::string(kOperators[pick(28)]) + " ";
        if (rarely() && !text.ends_with("> ")) text += pick(3) == 0 ? "# " + name() + "\n" : "\n";
        text += primary(depth - 1);
    }
    return text;
}

std::string Generator::parameters(int depth) {
    std::string text = "(" + inner();
    for (int i = pick(4); i > 0; --i) {
        text += name() + (rarely() ? ": " + type(2) : "") + (rarely() ? " = " + expression(depth - 1) : "");
        if (i > 1 || rarely()) text += "," + inner();
    }
    return text + ")" + (rarely() ? " -> " + type(1) : "");
}

std::string Generator::assignment(int depth) {
    constexpr const char* kAssigns[] = {"=", " = ", " += ", "<<="};
    return name() + kAssigns[pick(4)] + expression(depth);
}

std::string Generator::separated(int depth, const char* inside) {
    std::string text;
    for (int i = pick(4); i > 0; --i) {
        text += blank() + (inside[0] == 'm' ? machine(depth) : statement(depth));
        text += i > 1 || rarely() ? line_end() : " ";
    }
    return text;
}

std::string Generator::block(int depth) {
    if (depth <= 0) return pick(2) == 0 ? "{ }" : "{ pass }";
    return "{" + (rarely() ? line_end() : blank()) + separated(depth - 1, "code") + "}";
}

std::string Generator::machine(int depth) {
    switch (pick(7)) {
        case 0:
            return "serial" + blank() + name() + " { }";
        case 1:
            return "disk root {" + separated(depth - 1, "machine") + "}";
        case 2:
            return "require" + blank() + "a " + kOperators[pick(12)] + " " + expression(1) + ", \"text\"";
        case 3:
            return "device gpio" + list("(", ")", 1, 3) + " { }";
        case 4:
            return "on exception(page_fault) (ctx)" + block(1);
        default:
            return name() + blank() + "= " + expression(depth - 1);
    }
}

std::string Generator::schema() {
    std::string text = "schema " + name() + (rarely() ? ": device" : "") + " {";
    if (rarely()) text += " \"\"\"Doc.\"\"\"\n";
    for (int i = pick(4); i > 0; --i) {
        text += blank() + name() + ": " + type(2) + (pick(2) == 0 ? "" : " = " + expression(1));
        if (pick(3) == 0)
            text += (pick(2) == 0 ? " " : "\n") + std::string("\"\"\"What it is, in a line that may be long.\"\"\"");
        text += rarely() ? "," : line_end();
    }
    return text + "}";
}

std::string Generator::class_declaration(int depth) {
    std::string text = "class " + name() + (rarely() ? " extends " : rarely() ? ":" : " : ") + "B {" + line_end();
    for (int i = pick(4); i > 0; --i) {
        if (pick(2) == 0)
            text += name() + (rarely() ? ": " + type(1) : "") + " = " + expression(1) + line_end();
        else
            text += "fn " + name() + parameters(1) + block(depth - 1) + line_end();
    }
    return text + "}";
}

std::string Generator::switch_or_match(int depth) {
    bool arms = pick(2) == 0;
    std::string text = (arms ? "match " : "switch ") + name() + " {" + (rarely() ? line_end() : " ");
    for (int i = pick(4); i > 0; --i) {
        if (arms)
            text += literal() + (rarely() ? " | 2" : "") + (rarely() ? " if a > 3" : "") + " => " +
                    (rarely() ? block(depth - 1) : expression(1)) + (rarely() ? "," : line_end());
        else
            text += (rarely() ? "default" : "case " + literal()) +
                    (rarely() ? block(depth - 1) + line_end() : ":" + blank() + separated(depth - 1, "code") + "\n");
    }
    return text + "}";
}

std::string Generator::compound(int depth) {
    switch (pick(9)) {
        case 0:
            return "if " + expression(2) + block(depth - 1) + (rarely() ? line_end() : " ") + "else " +
                   block(depth - 1);
        case 1:
            return "for k, v in " + expression(1) + blank() + block(depth - 1);
        case 2:
            return "for (let i = 0; i < " + literal() + ";i++)" + block(depth - 1);
        case 3:
            return "while (" + expression(1) + ")" + block(depth - 1);
        case 4:
            return "try " + block(depth - 1) + (pick(2) == 0 ? " catch (e) " : " catch e ") + block(depth - 1);
        case 5:
            return "fn " + name() + parameters(depth - 1) + blank() + block(depth - 1);
        case 6:
            return switch_or_match(depth);
        default:
            return "if (" + expression(1) + ") " + block(depth - 1);
    }
}

std::string Generator::statement(int depth) {
    if (depth > 0 && pick(3) == 0) return compound(depth);
    switch (pick(8)) {
        case 0:
            return "let mut " + name() + (rarely() ? ":" + type(2) : "") + " = " + expression(depth);
        case 1:
            return "return " + expression(depth) + (rarely() ? ", " + name() : "");
        case 2:
            return "assert " + expression(1) + ", \"text\"";
        case 3:
            return name() + list("(", ")", depth, 0);
        case 4:
            return primary(depth);
        default:
            return assignment(depth);
    }
}

std::string Generator::program() {
    std::string text = rarely() ? "# first\n" : "";
    for (int i = pick(6) + 1; i > 0; --i) {
        switch (pick(6)) {
            case 0:
                text += "machine " + name() + (rarely() ? " : base" : "") + " {" + separated(2, "machine") + "}";
                break;
            case 1:
                text += schema();
                break;
            case 2:
                text += class_declaration(2);
                break;
            default:
                text += statement(3);
        }
        text += line_end();
    }
    return text + (rarely() ? "# last" : "");
}

}  // namespace nyx::format
