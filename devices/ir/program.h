// What a device described in Nyx is and does, as plain data (docs/devices.md, "One program, many readers").
//
// It holds no address, line or path of a machine: those are the plan's. A program from a file is hostile until verify()
// has passed it; everything that runs or lowers one relies on that and checks nothing again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nyx::dev::ir {

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

enum class Op : std::uint8_t {
#define NYX_DEVICE_OP(name, text) k##name,
#include "devices/ir/op.def"
};
std::string_view op_name(Op op);

// Requests to the machine (Op::kControl).
enum class Control : std::uint8_t { kReset, kPowerOff, kExit, kPanicked };

struct Instruction {
    Op op = Op::kReturn;
    std::uint8_t bits = 64;  // 1 to 64: width of the result, or of what is stored
    std::uint16_t dst = 0, a = 0, b = 0;
    std::uint64_t imm = 0;
    bool operator==(const Instruction&) const = default;
};

// Temporaries are 64-bit numbers, 0 at first; the first `parameters` of them are the arguments. Every function ends:
// jumps go forward and loops have constant counts.
struct Function {
    std::string name;
    std::uint16_t parameters = 0;
    std::uint16_t temporaries = 0;
    bool returns = false;  // a value, by every way out
    std::vector<Instruction> code;
    bool operator==(const Function&) const = default;
};

enum class TypeKind : std::uint8_t { kScalar, kArray, kFifo };

struct Type {
    TypeKind kind = TypeKind::kScalar;
    std::uint8_t bits = 8;    // of an element, 1 to 64; a bool has 1
    std::uint32_t count = 1;  // elements that it has, or holds at most; 1 to 65536
    bool operator==(const Type&) const = default;
};

struct StateField {
    std::uint32_t id = 1;  // 1 to 65535, never used again for something else; fields are in the order of their ids
    std::string name;
    Type type;
    std::uint64_t initial = 0;  // of every element; a fifo is empty
    std::uint32_t since = 1;    // the version that brought it
    std::string doc = {};
    bool operator==(const StateField&) const = default;
};

enum class Space : std::uint8_t { kPio, kMmio };
enum class Gap : std::uint8_t { kReserved, kZeros, kOnes };  // reserved reads as ones and is counted
enum class Narrow : std::uint8_t { kReject, kWiden };        // an access to a part of a register

struct Bank {
    std::string name;
    Space space = Space::kPio;
    std::uint32_t size = 1;  // bytes or ports, 1 to 2^20
    Gap gap = Gap::kReserved;
    Narrow narrow = Narrow::kReject;
    std::uint8_t widths = 1 | 2 | 4 | 8;  // of accesses that are served, a bit each; another one meets a gap
    std::string doc = {};
    bool operator==(const Bank&) const = default;
};

enum class Kind : std::uint8_t {
    kConst,
    kReadOnly,
    kWriteOnly,
    kReadWrite,
    kOneClears,
    kOneSets,
    kZeroClears,
    kReadClears,
    kDoorbell,
    kReserved,
};
std::string_view kind_name(Kind kind);  // "w1c"

// Bits of a register, for those who read or print it; what they do is in the register's masks.
struct Field {
    std::string name;
    std::uint8_t high = 0, low = 0;
    Kind kind = Kind::kReadWrite;
    std::string doc = {};
    bool operator==(const Field&) const = default;
};

// How accesses to a register are served (docs/devices.md section 2), best first.
enum class Service : std::uint8_t { kConstRead, kDoorbell, kCoalesced, kCoalescedWhile, kNative, kTable };
std::string_view service_name(Service service);  // "const-read"

// What a write does to the bits of a register's storage; a bit is in one mask at most, in none it stays as it is.
struct WriteMasks {
    std::uint64_t plain = 0;        // rw
    std::uint64_t one_clears = 0;   // w1c
    std::uint64_t one_sets = 0;     // w1s
    std::uint64_t zero_clears = 0;  // w0c
    bool operator==(const WriteMasks&) const = default;
};

// A read gives on_read(index), or the storage's bits, over them the fixed ones, over them computed(index). A write
// changes the storage by the masks and then calls on_write(value, storage before, index).
struct Register {
    std::string name;
    std::uint32_t bank = 0;
    std::uint32_t offset = 0;             // of the first of `count`, which stand `stride` bytes apart
    std::uint8_t width = 1;               // bytes: 1, 2, 4 or 8
    std::uint32_t count = 1, stride = 1;  // the stride is at least the width, also of one alone
    bool readable = true, writable = true;
    // Its handlers are told which part of it an access is: each aligned access of any width that the bank serves is one
    // call, and no other access means it.
    bool by_parts = false;
    std::uint32_t guard = kNone;    // function () -> bool: the register is there
    std::uint32_t phase = kNone;    // function () -> bool: a write counts
    std::uint32_t storage = kNone;  // state: a scalar, or an array of `count`
    WriteMasks write;
    std::uint64_t read_clears = 0;  // rc
    std::uint64_t fixed_mask = 0, fixed = 0;
    std::uint64_t computed_mask = 0;
    std::uint32_t computed = kNone;  // function (index) -> value
    std::uint32_t on_read = kNone;   // function (index) -> value; by parts (index, first byte, bytes)
    std::uint32_t on_write = kNone;  // function (value, before, index); by parts (…, first byte, bytes)
    std::uint64_t reset = 0;         // what a read gives after a reset
    Kind kind = Kind::kReadWrite;
    Service promise = Service::kTable;  // at least so it must be served
    std::vector<Field> fields = {};
    std::string doc = {};
    bool operator==(const Register&) const = default;
};

// PCI 3.0 section 3.2.2.3.2: CONFIG_ADDRESS is 32 bits at a port that is its owner's alone; those behind it are
// others'.
constexpr bool is_config_address(const Bank& bank, std::uint64_t offset, std::uint64_t count, unsigned width) {
    return bank.space == Space::kPio && bank.size == 1 && offset == 0 && count == 1 && width == 4;
}

// A named value that follows from the state.
struct Derive {
    std::string name;
    std::uint8_t bits = 1;
    std::uint32_t value = kNone;  // function () -> value
    bool operator==(const Derive&) const = default;
};

// A number that the plan gives the device; the same for as long as it lives.
struct Setting {
    std::string name;
    std::uint8_t bits = 64;
    std::uint64_t value = 0;  // the default; of one device the plan's
    bool of_machine = false;  // no author gives it: it is a fact of the machine, by its name
    bool operator==(const Setting&) const = default;
};

// ACPI 6.5 §6.1: how an operating system finds it. Empty: it does not.
struct Acpi {
    std::string hid = {}, cid = {};
    std::uint64_t uid = 0;
    bool operator==(const Acpi&) const = default;
};

// An interrupt line is a function of the state.
struct Line {
    std::string name;
    std::uint32_t level = kNone;  // function () -> bool
    bool operator==(const Line&) const = default;
};

struct Sink {
    std::string name;
    std::uint8_t bits = 8;  // 8, 16, 32 or 64; words go out little-endian
    bool operator==(const Sink&) const = default;
};

// A question to the host, which answers inside the operation. One may change something there, so it is asked as often
// as the code says, in its order.
struct Query {
    std::string name;
    std::uint8_t about = 32;  // bits of what is asked about: 8, 16, 32 or 64
    std::uint8_t bits = 32;   // of the answer, likewise
    bool operator==(const Query&) const = default;
};

struct Source {
    std::string name;
    std::uint8_t bits = 8;          // 8, 16, 32 or 64; 0: an event, without a value
    std::uint32_t accepts = kNone;  // function () -> bool; none: always
    std::uint32_t handler = kNone;  // function (value)
    bool operator==(const Source&) const = default;
};

struct Timer {
    std::uint32_t id = 1;  // as of state fields, in a space of its own; at most 65535
    std::string name;
    std::uint64_t hertz = 1'000'000'000;  // ticks a second, 1 to 10^9
    std::uint32_t handler = kNone;        // function ()
    bool operator==(const Timer&) const = default;
};

// How the state of one version becomes that of a later one (compiler/device, `migrate`). The code names the fields of
// the later version first, then those of `old`, which it only reads; it knows nothing of sinks, timers or the machine.
// It runs once, over values of these types: fields of the later version begin as they were saved, or as at the
// beginning.
struct Migration {
    std::uint32_t from = 1, to = 2;
    std::vector<StateField> made;  // of version `to`; empty where that is the program's own
    std::vector<StateField> old;   // of version `from`, all of them
    Function code;
    bool operator==(const Migration&) const = default;
};

// The class of the script that does what the device does (devices/scripted). Then the program has banks, lines,
// settings, sinks, sources and timers, and no code. Empty: the program does it.
struct ScriptClass {
    std::string name = {};
    std::vector<std::string> bases = {};  // what the class calls the first address of each bank
    bool controls = false;                // it may ask the machine to reset, end or power off
    bool has_clock = false;               // it may ask for the host's calendar
    std::string code = {};                // SHA-256 of the script, in hexadecimal digits; empty: it is not said
    bool operator==(const ScriptClass&) const = default;
};

struct Program {
    std::string name, title;
    std::uint32_t version = 1;  // of the state
    std::vector<StateField> state;
    std::vector<Function> functions;
    std::vector<Bank> banks;
    std::vector<Register> registers;
    std::vector<Line> lines;
    std::vector<Sink> sinks;
    std::vector<Source> sources;
    std::vector<Timer> timers;
    std::vector<std::uint32_t> invariants;  // functions () -> bool
    std::uint32_t on_reset = kNone;         // function (), after the state has its initial values
    std::uint32_t on_power_on = kNone;      // function (), before that of a reset; with one a reset leaves the state
    std::vector<Setting> settings = {};
    std::vector<Derive> derives = {};
    Acpi acpi = {};
    std::string doc = {};
    std::vector<Migration> migrations = {};  // in the order of the versions that they come from
    ScriptClass script = {};
    std::vector<Query> queries = {};
    bool operator==(const Program&) const = default;
};

constexpr std::uint64_t low_bits(unsigned bits) {
    return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

}  // namespace nyx::dev::ir
