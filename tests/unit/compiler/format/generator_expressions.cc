// Words, types and expressions.
#include "generator.h"

namespace nyx::format {

std::string Generator::binary_operator(int count) {
    constexpr const char* kOperators[] = {" + ",  "-",  "*",  " / ", "%",   "//",  "**",   " && ",    "||", " and ",
                                          " or ", "==", "!=", " < ", ">",   "<=",  " in ", "&",       "|",  " ^ ",
                                          "<<",   ">>", "..", "??",  " + ", " - ", " + ",  " not in "};
    return kOperators[pick(count)];
}

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
        text += " " + binary_operator() + " ";
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

}  // namespace nyx::format
