// A device declaration to what it is and does: dev::ir::Program, proved.
//
// What a compiled program holds: every index, shift, slice and division in bounds; handlers that end; one register at
// most for each access, whatever the guards say; questions (guards, derived values, invariants) that change nothing.
// dev::ir::verify() passes it. Pure: equal text gives an equal program. Layer 4: includes compiler/{syntax,diagnostics,
// source}, devices/{ir,described}, runtime/base.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/device/state_lock.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast_device.h"
#include "devices/ir/program.h"

namespace nyx::device {

// One thing that a test does. Values are functions of the program over the slots of the test, which are its reads so
// far and what `let` names.
struct TestStep {
    enum class Kind : std::uint8_t {
        kWrite,
        kRead,
        kHost,
        kAnswer,
        kTaken,   // the oldest that a sink was sent and nobody has taken, or `value`
        kSent,    // how many there are
        kAsked,   // whether the device has asked the machine for this, dev::ir::Control
        kStatus,  // of the last request to exit
        kAdvance,
        kReset,
        kRestore,  // of a state that was saved, version and fields
        kLet,
        kExpect,
    };
    Kind kind{};
    Span where;
    std::uint32_t reg = dev::ir::kNone;    // kRead, kWrite; of an array at index()
    std::uint32_t port = dev::ir::kNone;   // a source, a sink, a request
    std::uint32_t index = dev::ir::kNone;  // function
    std::uint32_t value = dev::ir::kNone;  // function: what is written, sent, waited for, asked
    std::uint32_t slot = 0;                // where the result goes
    bool ends_statement = false;
    struct Shown {
        std::string text;
        std::uint32_t value = dev::ir::kNone;  // function
    };
    std::vector<Shown> shown{};  // kExpect: its sides
    // kRestore. A field is a function for each of its elements.
    struct Saved {
        std::uint32_t id = 0;
        std::uint8_t bits = 8;
        std::vector<std::uint32_t> values;
    };
    std::uint32_t version = 1;
    std::vector<Saved> saved{};
};

// `test "…" { … }` of a device.
struct DeviceTest {
    std::string title;
    Span where;
    std::uint32_t slots = 0;
    std::vector<TestStep> steps;
};

struct CompiledDevice {
    dev::ir::Program program;
    std::vector<DeviceTest> tests;
    dev::ir::Program with_tests;  // the same with the functions of the tests behind its own
    std::string native;           // the class that behaves so; empty: the program does
    Span where;
    Span script;  // where its class is named, where it has one
};

// Devices that others can extend, by name.
using Known = std::map<std::string, const ast::DeviceDecl*, std::less<>>;

// Nothing where it has a mistake, which was reported. before: what the lock says of its state; null: nothing. Where it
// is of version 0 the lock was not asked, and migrations are left out.
std::optional<CompiledDevice> compile(const ast::DeviceDecl& node, const Known& known, const source::SourceMap& sources,
                                      diagnostics::Sink& sink, const LockedDevice* before = nullptr);

}  // namespace nyx::device
