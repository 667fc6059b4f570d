// What a device declares, by name, before any of its code is looked at.
//
// Filled by declare(); what expressions mean is decided from it. Holds pointers into the syntax tree.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/device/compile.h"
#include "compiler/device/value.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast_device.h"

namespace nyx::device {

enum class SymbolKind : std::uint8_t {
    kState,
    kRegister,
    kDerive,
    kSetting,
    kLine,
    kTimer,
    kSink,
    kSource,
    kQuery,
    kControl,
    kClock,
    kFunction,
    kEnum,
    kRange,  // a parameter that is an address
    kHost,   // a parameter of the host's side
};

struct Symbol {
    SymbolKind kind{};
    std::uint32_t index = 0;  // of the program's list, or of the list here
    Span where;
};

// A condition of `when` around a register, and whether it must not hold.
struct Guard {
    const ast::WhenItem* when = nullptr;
    bool is_negated = false;
    bool operator==(const Guard&) const = default;
};

struct FieldInfo {
    std::string name;
    unsigned high = 0, low = 0;
    dev::ir::Kind kind{};
    std::uint64_t fixed = 0;  // of const and reserved bits
    bool is_preserved = false;
    bool is_stored = false;            // kept, so that a write changes it as its kind says
    const ast::Expr* value = nullptr;  // computed
    std::string doc;
    Span where;
    unsigned bits() const { return high - low + 1; }
    std::uint64_t mask() const { return dev::ir::low_bits(bits()) << low; }
};

struct RegisterInfo {
    ast::Ident name;
    std::string doc;
    std::optional<ast::Ident> promise;
    std::uint32_t bank = 0, offset = 0, count = 1, stride = 1;
    unsigned bits = 8;
    dev::ir::Kind kind{};
    std::uint64_t reset = 0;
    std::uint32_t storage = dev::ir::kNone;
    std::vector<FieldInfo> fields;  // named ones, then those that cover the rest
    std::vector<Guard> guards;
    std::vector<const ast::PhaseItem*> phases;
    const ast::OnStmt* on_read = nullptr;
    const ast::OnStmt* on_write = nullptr;
    bool by_parts = false;  // a handler has names for which part an access is
    // Of the data register of an index and data pair: the register and the array that it is a window on.
    std::uint32_t index_register = dev::ir::kNone;
    std::uint32_t window = dev::ir::kNone;

    const FieldInfo* find(std::string_view called) const;
};

struct DeriveInfo {
    const ast::DeriveItem* node = nullptr;
    bool is_line = false;
};

struct FunctionInfo {
    const ast::FnDecl* node = nullptr;
    std::vector<Type> parameters;
    Type result;
    mutable bool is_called = false;  // so it was proved with what its callers give it
};

struct HandlerInfo {
    const ast::OnStmt* node = nullptr;
    std::vector<const ast::PhaseItem*> phases;
};

struct Declared {
    const ast::DeviceDecl* node = nullptr;
    std::vector<const ast::DeviceDecl*> levels;         // what it extends, the root first, and itself
    std::vector<const ast::Parameter*> all_parameters;  // of all levels
    std::vector<const ast::HostPort*> ports;
    const source::SourceMap* sources = nullptr;
    diagnostics::Sink* sink = nullptr;
    dev::ir::Program program;  // all but code
    std::map<std::string, Symbol, std::less<>> symbols;
    std::vector<Type> state_types;  // of program.state: of an element
    std::vector<const ast::PhaseItem*>
        state_phases;  // of program.state: outside of which it stays as it is; null: none
    std::map<std::string, const ast::PhaseItem*, std::less<>> phases;
    std::vector<RegisterInfo> registers;
    std::vector<DeriveInfo> derives;
    std::vector<FunctionInfo> functions;
    std::vector<HandlerInfo> handlers;
    std::vector<const ast::InvariantItem*> invariants;
    std::vector<const ast::MigrateItem*> migrations;
    std::vector<const ast::TestItem*> tests;
    std::vector<Range> setting_ranges;
    std::vector<Type> setting_types;
    std::deque<EnumType> enums;
    std::map<std::string, std::string, std::less<>> line_of;  // of a `gsi` parameter: none yet
    std::string native;                                       // name of the class; empty: behaviour is here
    Span script;                                              // where its class is named
    // Of a migration: what its code calls the state as it was saved, and the first field of that in program.state.
    std::string old;
    std::uint32_t first_old = dev::ir::kNone;

    // What was said of the code of functions, by code and place; and what would say it again.
    mutable std::set<std::tuple<unsigned, std::uint32_t, std::uint32_t>> said_of_functions;
    mutable diagnostics::Diagnostic repeated;

    diagnostics::Diagnostic& report(diagnostics::Code code, Span where, std::string message,
                                    std::string label = {}) const {
        return sink->report(code, where, std::move(message), std::move(label));
    }
    const ast::Parameter* find_parameter(const ast::Expr& named) const;
    // Of the name of something; null, and nothing reported, where there is none.
    const Symbol* find(std::string_view name) const;
    std::vector<std::string> names() const;
    std::string source_text(Span span) const;
};

// Facts of the device from its tree, with whatever is wrong with them reported.
std::unique_ptr<Declared> declare(const ast::DeviceDecl& node, const Known& known, const source::SourceMap& sources,
                                  diagnostics::Sink& sink);

// The type that a declaration names: of a scalar, or of each element.
struct DeclaredType {
    Type element;
    dev::ir::TypeKind kind = dev::ir::TypeKind::kScalar;
    std::uint32_t count = 1;
};
DeclaredType read_type(const Declared& device, const ast::TypeRef& type);
// Reported where it is none; `what` says of what.
std::optional<std::uint64_t> constant_of(const Declared& device, const ast::Expr& expr, std::string_view what);

}  // namespace nyx::device
