// The part of the syntax tree that describes devices (docs/devices.md section 1).
//
// As ast.h: every node has a span, and what could not be parsed is missing and was reported. Handlers, functions and
// tests hold statements of ast.h; what they may hold compiler/device says.
#pragma once

#include "compiler/syntax/ast.h"

namespace nyx::ast {

enum class ItemKind : std::uint8_t {
    kHost,
    kState,
    kDerive,
    kTimer,
    kBank,
    kReg,
    kWhen,
    kIndex,
    kPhase,
    kOn,
    kInvariant,
    kMigrate,
    kFn,
    kTest,
    kAcpi,
    kEnum,
};

struct DeviceItem {
    DeviceItem(ItemKind k, Span s) : kind(k), span(s) {}
    virtual ~DeviceItem() = default;
    ItemKind kind;
    Span span;
    std::optional<Span> override_word;  // `override` before it
};

using ItemPtr = std::unique_ptr<DeviceItem>;
using ItemList = std::vector<ItemPtr>;

#define NYX_ITEM_NODE(name)                              \
    static constexpr ItemKind kKind = ItemKind::k##name; \
    explicit name##Item(Span s) : DeviceItem(kKind, s) {}

// `host tx: sink<u8>, rx: source<u8> when !rxq.full`
struct HostPort {
    Ident name;
    TypeRef type;
    ExprPtr when;  // may be null
};
struct HostItem : DeviceItem {
    NYX_ITEM_NODE(Host)
    std::vector<HostPort> ports;
};
// `state { rxq: fifo<u8, 16>; since 2 { fcr: u8 = 0 } }`, in the order of the source.
struct StateVar {
    FieldDecl field;
    const Expr* since = nullptr;  // of the innermost `since`; null: the first version
};
struct StateItem : DeviceItem {
    NYX_ITEM_NODE(State)
    std::vector<StateVar> variables;
    ExprList versions;  // what `since` refers to
};
struct DeriveItem : DeviceItem {
    NYX_ITEM_NODE(Derive)
    Ident name;
    std::optional<TypeRef> type;
    ExprPtr value;
};
struct TimerItem : DeviceItem {
    NYX_ITEM_NODE(Timer)
    Ident name;
    std::vector<Argument> arguments;
};
// `size 8`, `access 1, 2, 4`
struct BankOption {
    Ident name;
    ExprList values;
};
struct BankItem : DeviceItem {
    NYX_ITEM_NODE(Bank)
    Ident name, space;
    ExprPtr at;
    std::vector<BankOption> options;
    std::string doc;
    ItemList items;
};
// `rw`, `rsvd(zero)`
struct KindRef {
    Ident name;
    std::optional<Ident> argument;
};
// `dlab: 7 rw = e`; `rest: zero` has the word as its bits.
struct RegField {
    Ident name;
    ExprPtr bits;
    std::optional<KindRef> kind;
    ExprPtr value;
    std::string doc;
};
struct RegItem : DeviceItem {
    NYX_ITEM_NODE(Reg)
    Ident name;
    ExprPtr count, offset, stride, reset, value;  // all but offset may be null; value: what a read gives
    std::optional<TypeRef> type;
    std::optional<KindRef> kind;
    std::optional<Ident> promise;  // the class of `@expect(class)`
    std::string doc;
    std::vector<RegField> fields;
    std::vector<std::unique_ptr<OnStmt>> handlers;
};
struct WhenItem : DeviceItem {
    NYX_ITEM_NODE(When)
    ExprPtr condition;
    ItemList then_items, else_items;
};
// `index name @offset, data @data_offset of array`
struct IndexItem : DeviceItem {
    NYX_ITEM_NODE(Index)
    Ident name, data;
    ExprPtr offset, data_offset, array;
};
// `phase name after condition { … }`, or `phase name { … }` for more of one that stands elsewhere.
struct PhaseItem : DeviceItem {
    NYX_ITEM_NODE(Phase)
    Ident name;
    ExprPtr after;  // may be null
    ItemList items;
};
struct OnItem : DeviceItem {
    NYX_ITEM_NODE(On)
    std::unique_ptr<OnStmt> handler;
};
struct InvariantItem : DeviceItem {
    NYX_ITEM_NODE(Invariant)
    ExprPtr condition;
};
// `migrate 1 -> 2 (old) { … }`: from a state of one version to the next one that is known.
struct MigrateItem : DeviceItem {
    NYX_ITEM_NODE(Migrate)
    ExprPtr from, to;
    std::optional<Ident> old;  // what the body calls the state as it was saved
    StmtList body;
};
struct FnItem : DeviceItem {
    NYX_ITEM_NODE(Fn)
    std::unique_ptr<FnDecl> function;
};
struct TestItem : DeviceItem {
    NYX_ITEM_NODE(Test)
    std::unique_ptr<TestStmt> test;
};
struct AcpiItem : DeviceItem {
    NYX_ITEM_NODE(Acpi)
    StmtList body;
};
struct EnumItem : DeviceItem {
    NYX_ITEM_NODE(Enum)
    Ident name;
    std::optional<TypeRef> type;
    std::vector<FieldDecl> values;
};
#undef NYX_ITEM_NODE

// `snapshot 2`, `native "name"`
struct DeviceOption {
    Ident name;
    ExprPtr value;
};
struct DeviceDecl : Stmt {
    static constexpr StmtKind kKind = StmtKind::kDeviceDecl;
    explicit DeviceDecl(Span s) : Stmt(kKind, s) {}
    Ident name;
    std::vector<Parameter> parameters;
    std::optional<Ident> base;
    std::vector<DeviceOption> options;
    std::string doc;
    ItemList items;
};

// `emit tx(e)`, in a handler.
struct EmitStmt : Stmt {
    static constexpr StmtKind kKind = StmtKind::kEmitStmt;
    explicit EmitStmt(Span s) : Stmt(kKind, s) {}
    ExprPtr call;
};

template <class T>
const T& as(const DeviceItem& node) {
    NYX_CHECK(node.kind == T::kKind);
    return static_cast<const T&>(node);
}

}  // namespace nyx::ast
