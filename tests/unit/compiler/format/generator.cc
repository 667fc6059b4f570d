// Statements, declarations and whole programs.
#include "generator.h"

namespace nyx::format {

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
            return "require" + blank() + "a " + binary_operator(12) + " " + expression(1) + ", \"text\"";
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
