#include <doctest/doctest.h>

#include "assembler.h"

using namespace nyx;
using script::ErrorKind;
using script::Value;
using test::Assembler;
using test::Op;

namespace {

struct Finished {
    script::NativeResult result;
    std::string output;
};

Finished run(script::Program program, script::Limits limits = {}) {
    REQUIRE(script::verify(program));
    auto interpreter = script::Interpreter::create(program, script::standard_natives(), limits);
    REQUIRE(interpreter);
    std::string output;
    (*interpreter)->on_print([&output](std::string_view text) { output += text; });
    auto result = (*interpreter)->run();
    return {std::move(result), output};
}

}  // namespace

TEST_CASE("an error has its kind and place") {
    Assembler main;
    main.op(Op::kInt, 1).op(Op::kInt, 0).op(Op::kFloorDivide).op(Op::kReturn);
    auto done = run(main.take());
    REQUIRE(!done.result);
    CHECK(done.result.error().kind == ErrorKind::kArithmetic);
    CHECK(done.result.error().where == Span{0, 2, 3});
    CHECK(done.result.error().trace.at(0).function == "main");
}

TEST_CASE("the user's place is the innermost one outside stdlib") {
    Assembler inner;
    inner.op(Op::kNull).op(Op::kThrow);
    for (Span& span : inner.function.spans) span.file = 1;
    Assembler main;
    main.program.files.push_back({"std/x.ny", true});
    main.program.functions.push_back(inner.function);
    main.op(Op::kClosure, 0).op(Op::kCall).op(Op::kReturn);
    auto done = run(main.take());
    REQUIRE(!done.result);
    CHECK(done.result.error().where.file == 1);
    CHECK(done.result.error().user_where == Span{0, 1, 2});
}

TEST_CASE("steps are counted and a limit cannot be caught") {
    Assembler main;
    main.op(Op::kLoop, 0).op(Op::kPop).op(Op::kNull).op(Op::kReturn);
    main.function.handlers.push_back({0, 1, 1, 0});
    script::Limits limits;
    limits.steps = 1000;
    auto done = run(main.take(), limits);
    REQUIRE(!done.result);
    CHECK(done.result.error().kind == ErrorKind::kLimit);
}

TEST_CASE("a program that needs a native of another build is refused by name") {
    Assembler main;
    main.program.natives = {"teleport"};
    main.op(Op::kCallNative, 0).op(Op::kReturn);
    script::Program program = main.take();
    REQUIRE(script::verify(program));
    auto interpreter = script::Interpreter::create(program, script::standard_natives());
    REQUIRE(!interpreter);
    CHECK(interpreter.error().message.find("teleport") != std::string::npos);
}

TEST_CASE("natives of the host: two sets of bindings for one program") {
    Assembler main;
    main.program.natives = {"stage"};
    main.op(Op::kCallNative, 0).op(Op::kReturn);
    script::Program program = main.take();
    REQUIRE(script::verify(program));
    auto bound_to = [&program](script::NativeFn function) {
        script::Natives natives;
        const script::NativeSpec specs[] = {{"stage", "", function}};
        natives.add(specs);
        auto interpreter = script::Interpreter::create(program, natives);
        REQUIRE(interpreter);
        Value callee = (*interpreter)->heap().make<script::Native>("stage", function);
        auto value = (*interpreter)->call(callee, {});
        return value ? value->as_int() : -1;
    };
    CHECK(bound_to([](script::Interpreter&, const script::Args&) { return script::NativeResult(Value::integer(1)); }) ==
          1);
    CHECK(bound_to([](script::Interpreter&, const script::Args&) { return script::NativeResult(Value::integer(2)); }) ==
          2);
}
