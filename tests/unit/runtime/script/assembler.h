// Programs written by hand, for tests of the interpreter without the compiler.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/script/interpreter.h"

namespace nyx::test {

using script::Op;

// One function, the program's only entry, of these instructions; a's and b's as program.h says.
struct Assembler {
    Assembler() {
        program.files.push_back({"test.ny", false});
        function.name = "main";
    }
    Assembler& op(Op op, std::uint32_t b = 0, std::uint16_t a = 0) {
        auto at = static_cast<std::uint32_t>(function.code.size());
        function.code.push_back({op, a, b});
        function.spans.push_back({0, at, at + 1});
        return *this;
    }
    Assembler& locals(std::uint16_t count) {
        function.local_count = count;
        function.local_names.assign(count, "local");
        return *this;
    }
    std::uint32_t string(std::string text) {
        program.constants.push_back({script::Type::kString, 0, 0, std::move(text)});
        return static_cast<std::uint32_t>(program.constants.size() - 1);
    }
    script::Program take() {
        program.functions.push_back(function);
        program.entries.push_back(static_cast<std::uint32_t>(program.functions.size() - 1));
        return program;
    }

    script::Program program;
    script::Function function;
};

}  // namespace nyx::test
