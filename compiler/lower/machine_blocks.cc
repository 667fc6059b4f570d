// `machine name { … }`: a function that fills a script::MachineConfig as it runs, so that loops and conditions work in
// it.
#include <fmt/format.h>

#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

// Names of the fields that a machine sets somewhere: inside it they can be read.
void collect_fields(const ast::StmtList& body, std::set<std::string>& fields) {
    for (const ast::StmtPtr& stmt : body) {
        if (const auto* assign = ast::try_as<ast::AssignStmt>(stmt.get())) {
            if (const auto* name = ast::try_as<ast::NameExpr>(assign->target.get())) fields.insert(name->name);
        }
        if (const auto* branch = ast::try_as<ast::IfStmt>(stmt.get())) {
            collect_fields(branch->then_body, fields);
            collect_fields(branch->else_body, fields);
        }
        if (const auto* loop = ast::try_as<ast::ForInStmt>(stmt.get())) collect_fields(loop->body, fields);
        if (const auto* device = ast::try_as<ast::DeviceStmt>(stmt.get())) collect_fields(device->body, fields);
    }
}

}  // namespace

void Lowerer::not_in_this_build(Span where, const std::string& what) {
    // Not a mistake of the machine's: what else it says is still checked.
    sink_.report(Code::kNotInBuild, where, fmt::format("this build of Nyx has no {}", what));
}

void Lowerer::write(const ast::MachineDecl& node) {
    if (node.name.text.empty()) return mistaken_statement(node.span);  // the parser has said so
    auto fields = std::exchange(machine_fields_, {});
    collect_fields(node.body, machine_fields_);
    script::MachineShape shape{node.name.text,
                               node.name.span,
                               node.doc,
                               node.base ? node.base->text : "",
                               node.base ? node.base->span : Span{},
                               node.is_host};
    std::uint32_t index = in_function(node.name.text, node.name.span, [&](FunctionState& state) {
        state.is_machine = true;
        state.emit(Op::kBeginMachine, node.name.span, Tables::add(tables_.program().machines, std::move(shape)));
        machine_body(node.body, false);
        state.emit(Op::kEndMachine, node.name.span);
        state.emit(Op::kReturn, node.name.span);
    });
    machine_fields_ = std::move(fields);
    fn_->emit(Op::kClosure, node.name.span, index);
    fn_->emit(Op::kCall, node.name.span, 0, 0);
    auto known = scope_->names.find(node.name.text);
    bool local = !fn_->is_module_body || fn_->in_block();
    if (local) {
        store_new(node.name, Binding::kConst, script::kNone, node.name.span);
    } else if (known->second.kind == ModuleName::Kind::kMachine) {
        fn_->emit(Op::kStoreGlobal, node.name.span, known->second.index);
    } else {
        report(Code::kDuplicateName, node.name.span, fmt::format("`{}` is declared twice", node.name.text),
               "again here")
            .label(known->second.where, "first here");
    }
}

void Lowerer::machine_body(const ast::StmtList& body, bool in_device) {
    fn_->push_scope();
    for (const ast::StmtPtr& node : body) machine_stmt(*node, in_device);
    fn_->pop_scope();
}

void Lowerer::machine_stmt(const ast::Stmt& node, bool in_device) {
    std::uint32_t begin = fn_->here();
    machine_stmt_of_kind(node, in_device);
    fn_->end_statement(begin);
}

void Lowerer::machine_stmt_of_kind(const ast::Stmt& node, bool in_device) {
    switch (node.kind) {
        case ast::StmtKind::kAssignStmt:
            setting(ast::as<ast::AssignStmt>(node));
            break;
        case ast::StmtKind::kDeviceStmt:
            device(ast::as<ast::DeviceStmt>(node), in_device);
            break;
        case ast::StmtKind::kRequireStmt:
            require(ast::as<ast::RequireStmt>(node));
            break;
        case ast::StmtKind::kIfStmt:
            machine_if(ast::as<ast::IfStmt>(node), in_device);
            break;
        case ast::StmtKind::kForInStmt:
            machine_for(ast::as<ast::ForInStmt>(node), in_device);
            break;
        case ast::StmtKind::kLetStmt:
            symbolic_ = true;
            write(ast::as<ast::LetStmt>(node));
            symbolic_ = false;
            break;
        case ast::StmtKind::kPassStmt:
        case ast::StmtKind::kOnStmt:
        case ast::StmtKind::kTestStmt:
        case ast::StmtKind::kErrorStmt:
            stmt(node);
            break;
        default:
            mistaken_statement(node.span);  // the parser has said that it cannot stand here
    }
}

void Lowerer::machine_if(const ast::IfStmt& branch, bool in_device) {
    std::size_t otherwise = jump_unless(*branch.condition);
    machine_body(branch.then_body, in_device);
    std::size_t done = fn_->emit(Op::kJump, branch.span);
    fn_->point_here(otherwise);
    machine_body(branch.else_body, in_device);
    fn_->point_here(done);
}

void Lowerer::machine_for(const ast::ForInStmt& loop, bool in_device) {
    fn_->push_scope();
    std::uint16_t iterator = fn_->hidden_slot(loop.span);
    symbolic_ = true;
    expr(*loop.iterable);
    symbolic_ = false;
    fn_->emit(Op::kIterInit, loop.iterable->span, 0, iterator);
    std::uint32_t start = fn_->here();
    std::size_t exit = next_item(loop.names, iterator, loop.iterable->span);
    machine_body(loop.body, in_device);
    fn_->emit(Op::kLoop, loop.span, start);
    fn_->point_here(exit);
    fn_->pop_scope();
}

// `boot.kernel = "x"`, `memory += 1 GiB`, `disks[0] = …`
void Lowerer::not_a_field(const ast::AssignStmt& node) {
    auto& finding = report(Code::kMisplaced, node.target->span, "a machine's fields are set by `name = value`");
    const auto* member = ast::try_as<ast::MemberExpr>(node.target.get());
    const auto* field = member ? ast::try_as<ast::NameExpr>(member->object.get()) : nullptr;
    if (!field) return;
    if (field->name == "boot" && member->member.text == "kernel") {
        finding.help("write all of it at once: `boot = linux(kernel: …, initrd: …, cmdline: …)`")
            .fix({"set `boot`",
                  diagnostics::Applicability::kMaybeIncorrect,
                  {{{node.span.file, node.span.begin, node.value->span.begin}, "boot = linux(kernel: "},
                   {{node.span.file, node.value->span.end, node.value->span.end}, ")"}}});
    } else {
        finding.help(fmt::format("a part of `{:.40}` is set where `{:.40}` is; a device's fields stand in its block",
                                 field->name, field->name));
    }
}

void Lowerer::setting(const ast::AssignStmt& node) {
    const auto* name = ast::try_as<ast::NameExpr>(node.target.get());
    // A variable of the machine's own is a variable; every other name is a field.
    if (name && fn_->find(name->name)) return write(node);
    if (!name || node.op) {
        bool is_place =
            name || node.target->kind == ast::ExprKind::kMemberExpr || node.target->kind == ast::ExprKind::kIndexExpr;
        if (!is_place) return mistaken_statement(node.span);  // the parser has said so
        return not_a_field(node);
    }
    symbolic_ = noting_ = true;
    expr(*node.value);
    symbolic_ = noting_ = false;
    script::SettingShape shape{name->name, node.value->span, name->span};
    fn_->emit(Op::kSetting, node.value->span, Tables::add(tables_.program().settings, std::move(shape)));
}

void Lowerer::device(const ast::DeviceStmt& node, bool in_device) {
    if (in_device) {
        report(Code::kMisplaced, node.span, "a device cannot hold another");
        return;
    }
    Span where = node.name ? join(node.type.span, node.name->span) : node.type.span;
    script::DeviceShape shape{node.type.text, node.name ? node.name->text : "", where};
    fn_->emit(Op::kBeginDevice, where, Tables::add(tables_.program().devices, std::move(shape)));
    machine_body(node.body, true);
    fn_->emit(Op::kEndDevice, where);
}

void Lowerer::require(const ast::RequireStmt& node) {
    std::uint32_t index = in_function("require", node.condition->span, [&](FunctionState& state) {
        state.is_require = true;
        noting_ = true;
        expr(*node.condition);
        state.emit(Op::kReturn, node.condition->span);
    });
    fn_->emit(Op::kClosure, node.condition->span, index);
    if (node.message) {
        symbolic_ = true;
        expr(*node.message);
        symbolic_ = false;
    } else {
        fn_->emit(Op::kConst, node.condition->span, tables_.string(""));
    }
    fn_->emit(Op::kRequire, node.condition->span);
}

// A field that the machine has set, else what the name means elsewhere, else the name itself.
void Lowerer::symbol_or_field(const std::string& name, Span span) {
    std::optional<std::size_t> found;
    if (fn_->is_require || sets_field(name)) {
        fn_->emit(Op::kLoadField, span, tables_.string(name));
        found = fn_->emit(Op::kJumpIfSetKeep, span);
    }
    Resolved resolved = fn_->is_require ? resolve(name) : Resolved{};
    bool machine = resolved.kind == Resolved::Kind::kModuleName && resolved.name->kind == ModuleName::Kind::kMachine;
    if (resolved.kind == Resolved::Kind::kNothing || machine) {
        fn_->emit(Op::kSymbol, span, tables_.string(name));
    } else {
        load(resolved, name, span);
    }
    if (found) fn_->point_here(*found);
}

}  // namespace nyx::lower
