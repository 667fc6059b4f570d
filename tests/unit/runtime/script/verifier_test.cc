#include <doctest/doctest.h>

#include <random>

#include "assembler.h"

using namespace nyx;
using script::Instruction;
using test::Assembler;
using test::Op;

namespace {

// Loops, a handler, a closure with a capture, a class, a call site, declarations: every table has something in it.
script::Program rich_program() {
    Assembler inner;
    inner.function.captures.push_back({true, 0});
    inner.function.capture_names.emplace_back("n");
    inner.function.parameters.emplace_back("step");
    inner.locals(1);
    inner.op(Op::kLoadCell).op(Op::kLoadLocal).op(Op::kAdd).op(Op::kReturn);
    Assembler method;
    method.function.has_self = true;
    method.locals(1);
    method.op(Op::kInt, 5).op(Op::kReturn);

    Assembler main;
    main.program.functions = {inner.function, method.function};
    main.locals(3);
    std::uint32_t text = main.string("text");
    main.program.constants.push_back({script::Type::kFloat, 0, 2.5, {}});
    main.program.constants.push_back({script::Type::kSize, 4096, 0, {}});
    main.program.globals = {"x"};
    main.program.natives = {"print"};
    main.program.modules = {{"m", {{"x", 0}}}};
    main.program.call_sites = {{"get", 0, {}}, {"", 1, {"step"}}};
    main.program.classes = {{"C", false, script::kNone, {{"get", 1}}}};
    main.program.records = {{"linux", {0, 1, 2}, {0, 1, 2}, {{"kernel", {0, 2, 3}, {0, 2, 3}}}}};
    main.program.machines = {{"web", {0, 1, 2}, "doc", "pc", {}}};
    main.program.devices = {{"serial", "com1", {0, 1, 2}}};
    main.program.settings = {{"memory", {0, 1, 2}, {}}};
    main.program.types = {{script::TypeKind::kBasic, script::Type::kInt, 0, 0, false, "int", {}}};
    main.program.checks = {{0, "`x`"}};
    main.op(Op::kInt, 10).op(Op::kStoreLocal);                                                          // 0
    main.op(Op::kLoadLocal).op(Op::kInt, 0).op(Op::kGreater);                                           // 2
    main.op(Op::kJumpIfFalse, 8).op(Op::kAddLocalInt, 0xFFFFFFFF).op(Op::kLoop, 2);                     // 5
    main.op(Op::kClosure, 0).op(Op::kInt, 3).op(Op::kCall, 0, 1).op(Op::kStoreGlobal, 0);               // 8
    main.op(Op::kMakeClass, 0).op(Op::kCall, 0, 0).op(Op::kInvoke, 0).op(Op::kCoerce, 0).op(Op::kPop);  // 12
    main.op(Op::kConst, text).op(Op::kThrow).op(Op::kUnwrap).op(Op::kCallNative, 0, 1).op(Op::kPop);    // 17
    main.op(Op::kBeginMachine, 0).op(Op::kConst, text).op(Op::kRecord, 0).op(Op::kSetting, 0);          // 22
    main.op(Op::kBeginDevice, 0).op(Op::kEndDevice).op(Op::kEndMachine).op(Op::kReturn);                // 26
    main.function.handlers.push_back({17, 19, 19, 0});
    return main.take();
}

std::string verdict(script::Program program) {
    Status status = script::verify(program);
    return status ? "good" : status.error().message;
}

}  // namespace

TEST_CASE("a program goes to bytes and back, and does what it did") {
    script::Program program = rich_program();
    REQUIRE(verdict(program) == "good");
    Bytes bytes = script::encode(program);
    auto decoded = script::decode(bytes);
    REQUIRE_MESSAGE(decoded, decoded.error().message);
    CHECK(script::encode(*decoded) == bytes);
    auto interpreter = script::Interpreter::create(*decoded, script::standard_natives());
    REQUIRE(interpreter);
    std::string output;
    (*interpreter)->on_print([&output](std::string_view text) { output += text; });
    REQUIRE((*interpreter)->run());
    CHECK(output == "text\n");
    REQUIRE((*interpreter)->machines().finished().size() == 1);
    CHECK((*interpreter)->machines().finished()[0]->config.name == "web");
}

TEST_CASE("what the interpreter relies on is verified") {
    auto with = [](auto change) {
        Assembler main;
        main.locals(1);
        change(main);
        return verdict(main.take());
    };
    CHECK(with([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn); }) == "good");
    auto refused = [&](auto change) { CHECK(with(change) != "good"); };
    refused([](Assembler&) {});
    refused([](Assembler& a) { a.op(Op::kNull); });
    refused([](Assembler& a) { a.op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kPop).op(Op::kNull).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kLoadLocal, 0, 1).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kConst, 0).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kLoadGlobal, 0).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kLoadNative, 0).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kClosure, 9).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kLoadCell, 0).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kJump, 0).op(Op::kNull).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kJump, 99).op(Op::kNull).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kLoop, 1).op(Op::kNull).op(Op::kReturn); });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kLoop, 0); });  // deeper on each round
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.local_names.clear(); });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.spans.pop_back(); });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.spans[0] = {7, 0, 0}; });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.handlers.push_back({0, 9, 0, 0}); });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.handlers.push_back({0, 1, 1, 5}); });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.parameters.emplace_back("p"); });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).function.has_self = true; });
    refused([](Assembler& a) { a.op(Op::kNull).op(Op::kReturn).program.entries.push_back(5); });
    refused([](Assembler& a) {
        a.op(Op::kNull).op(Op::kReturn).program.types = {
            {script::TypeKind::kBasic, script::Type::kArray, 0, 0, false, "a", {0}}};
    });
}

TEST_CASE("a newer format, another file, a cut and a tail are refused") {
    Bytes good = script::encode(rich_program());
    Bytes newer = good;
    newer[4] = 9;
    REQUIRE(!script::decode(newer));
    CHECK(script::decode(newer).error().code == ErrorCode::kUnsupported);
    Bytes other = good;
    other[0] = 'X';
    CHECK(script::decode(other).error().code == ErrorCode::kCorrupt);
    for (std::size_t size = 0; size < good.size(); ++size) CHECK(!script::decode(ByteView(good).first(size)));
    Bytes longer = good;
    longer.push_back(0);
    CHECK(!script::decode(longer));
}

TEST_CASE("no bytes make the decoder or the interpreter do anything undefined") {
    const Bytes good = script::encode(rich_program());
    std::mt19937 random(20240711);
    script::Limits limits;
    limits.steps = 2000;
    limits.heap_bytes = 4 << 20;
    limits.depth = 50;
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes = good;
        auto changes = 1 + random() % 4;
        for (unsigned i = 0; i < changes; ++i)
            bytes[8 + random() % (bytes.size() - 8)] = static_cast<std::uint8_t>(random());
        auto program = script::decode(bytes);
        if (!program) continue;
        ++accepted;
        auto interpreter = script::Interpreter::create(*program, script::standard_natives(), limits);
        if (interpreter) (void)(*interpreter)->run();
    }
    CHECK(accepted > 100);  // otherwise only the decoder was tried
}

TEST_CASE("random instructions that the verifier accepts can be run") {
    std::mt19937 random(7);
    script::Limits limits;
    limits.steps = 500;
    limits.heap_bytes = 4 << 20;
    limits.depth = 20;
    const script::Program base = rich_program();
    int accepted = 0;
    for (int round = 0; round < 60'000; ++round) {
        script::Program program = base;
        auto& code = program.functions.back().code;
        for (unsigned i = 0; i < 1 + random() % 3; ++i) {
            Instruction& in = code[random() % code.size()];
            in = {static_cast<Op>(random() % (static_cast<unsigned>(Op::kLoadField) + 1)),
                  static_cast<std::uint16_t>(random() % 4), static_cast<std::uint32_t>(random() % 32)};
        }
        if (!script::verify(program)) continue;
        ++accepted;
        auto interpreter = script::Interpreter::create(program, script::standard_natives(), limits);
        if (interpreter) (void)(*interpreter)->run();
    }
    CHECK(accepted > 200);
}
