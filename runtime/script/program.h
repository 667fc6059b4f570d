// A compiled program: functions of fixed-width instructions, and the tables that they point into.
//
// compiler/lower makes it, encode() writes it into a bundle (docs/bytecode.md), decode() reads it back. A Program that
// verify() has accepted can be executed without further checks of jump targets, indices or stack depth; types are
// checked as it runs. Immutable once built, so it may be shared by interpreters and threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/base/span.h"
#include "runtime/script/error.h"
#include "runtime/script/value.h"

namespace nyx::script {

inline constexpr std::uint32_t kBytecodeVersion = 3;
inline constexpr std::uint32_t kNone = 0xFFFFFFFF;  // in a table index: there is none

enum class Op : std::uint8_t {
#define NYX_OP(name, a, b, pops, pushes) k##name,
#include "runtime/script/ops.def"
};

struct Instruction {
    Op op{};
    std::uint16_t a = 0;
    std::uint32_t b = 0;
};
static_assert(sizeof(Instruction) == 8);

// An error in [begin, end) goes to `target` with the stack cut to `depth` and the ErrorObject pushed. The first that
// fits counts.
struct Handler {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t target = 0;
    std::uint32_t depth = 0;
};

// A statement of a module or machine. The build stage goes on at `end` when it fails (Interpreter::on_mistake); the
// operand stack is empty there.
struct Statement {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

// What a closure takes along when it is made: a local of the function that makes it, or one of that function's own
// captures.
struct Capture {
    bool from_local = false;
    std::uint16_t index = 0;
};

struct Function {
    std::string name;
    Span where;
    std::vector<std::string> parameters;  // without self; they are the first locals, after self
    std::uint16_t required = 0;           // how many of them have no default
    bool has_self = false;                // local 0 is the receiver
    std::uint16_t local_count = 0;
    std::vector<std::string> local_names;  // local_count of them, for messages; empty for hidden ones
    std::vector<Capture> captures;
    std::vector<std::string> capture_names;
    std::vector<Handler> handlers;
    std::vector<Statement> statements;  // inner ones first; not encoded, for a bundle's scripts have no mistakes
    std::vector<Instruction> code;
    std::vector<Span> spans;      // one for each instruction
    std::uint32_t max_stack = 0;  // operands above the locals; set by verify()
};

struct Constant {
    Type type = Type::kInt;  // kInt, kFloat, kString or a quantity
    std::int64_t integer = 0;
    double floating = 0;
    std::string text;
};

// Arguments of a call: `positional` first, then one for each of `names`. name: the method's, of Invoke.
struct CallSite {
    std::string name;
    std::uint16_t positional = 0;
    std::vector<std::string> names;

    std::size_t count() const { return positional + names.size(); }
};

struct ClassInfo {
    std::string name;
    bool has_base = false;
    std::uint32_t fields = kNone;  // function that gives an instance its first values
    std::vector<std::pair<std::string, std::uint32_t>> methods;
};

struct ModuleTable {
    std::string name;
    std::vector<std::pair<std::string, std::uint32_t>> exports;  // name, global
};

struct RecordShape {
    struct Field {
        std::string name;
        Span where;
        Span name_where;
    };
    std::string name;
    Span where;
    Span name_where;
    std::vector<Field> fields;
};

struct MachineShape {
    std::string name;
    Span where;
    std::string doc;
    std::string base;
    Span base_where;
    bool is_host = false;  // it describes what runs machines
};
struct DeviceShape {
    std::string type;
    std::string name;
    Span where;
};
struct SettingShape {
    std::string name;
    Span where;
    Span name_where;
};

// A type annotation. Parameters stand before the type that uses them.
enum class TypeKind : std::uint8_t { kAny, kBasic, kNumber, kInteger, kFunction, kNamed };
struct TypeDesc {
    TypeKind kind = TypeKind::kAny;
    Type basic = Type::kNull;  // of kBasic
    std::int64_t low = 0;      // of kInteger: u8, i32 …
    std::int64_t high = 0;
    bool nullable = false;
    std::string text;                       // as written, for messages; of kNamed the class's name
    std::vector<std::uint32_t> parameters;  // array<T>, map<K, V>, tuple<…>
};
struct TypeCheck {
    std::uint32_t type = 0;
    std::string subject;  // "parameter `count`": what has that type
};

struct FileName {
    std::string path;
    bool is_stdlib = false;
    std::vector<std::uint32_t> line_starts = {};  // bytes, ascending; none of stdlib's files
};

struct Program {
    std::vector<FileName> files;  // Span::file is an index here
    std::vector<Constant> constants;
    std::vector<std::string> globals;  // names
    std::vector<std::string> natives;  // names, bound when the program is loaded
    std::vector<ModuleTable> modules;
    std::vector<CallSite> call_sites;
    std::vector<ClassInfo> classes;
    std::vector<RecordShape> records;
    std::vector<MachineShape> machines;
    std::vector<DeviceShape> devices;
    std::vector<SettingShape> settings;
    std::vector<TypeDesc> types;
    std::vector<TypeCheck> checks;
    std::vector<Function> functions;
    std::vector<std::uint32_t> entries;  // the modules' bodies in the order in which they run
};

// "web.ny:14" as far as that is known.
std::string place_text(const Program& program, Span where);

// Whether the instruction's b is a place in the code.
bool is_jump(Op op);

// Checks everything that the interpreter takes for granted, and fills in Function::max_stack.
Status verify(Program& program);

Bytes encode(const Program& program);
// Decodes and verifies. Equal bytes give equal programs; anything malformed is an Error, whatever the bytes.
Result<Program> decode(ByteView bytes);

// One line for each instruction, for people.
std::string disassemble(const Program& program);

}  // namespace nyx::script
