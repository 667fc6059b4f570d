// `migrate 1 -> 2 (old) { … }`: what becomes of a state that an older version of the device has saved.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/compiler_steps.h"
#include "devices/ir/effects.h"

namespace nyx::device {

using dev::ir::kNone;
using diagnostics::Code;

dev::ir::StateField field_of(const dev::ir::Program& program, const LockedField& locked) {
    for (const dev::ir::StateField& known : program.state)
        if (known.id == locked.id) return known;
    dev::ir::StateField made;
    made.id = locked.id;
    made.name = locked.name;
    made.type = type_of_text(locked.type).value_or(dev::ir::Type{});
    return made;
}

// Of a field that is gone nobody knows more than its width: one bit is a truth value.
Type type_in_code(const Declared& device, const dev::ir::StateField& field) {
    for (std::size_t i = 0; i < device.state_types.size(); ++i)
        if (device.program.state[i].id == field.id) return device.state_types[i];
    return field.type.bits == 1 ? Type::boolean() : Type::number(field.type.bits);
}

namespace {

class Migrations {
  public:
    Migrations(Declared& device, const LockedDevice* before)
        : device_(device), program_(device.program), history_(locked(device.program, before)) {}

    void run() {
        std::vector<const ast::MigrateItem*> items = device_.migrations;
        for (const ast::MigrateItem* item : items) lower(*item);
        std::ranges::stable_sort(program_.migrations, {}, &dev::ir::Migration::from);
        if (is_whole_) require_no_loss();
    }

  private:
    diagnostics::Diagnostic& bad(Span where, std::string message) {
        is_whole_ = false;
        return device_.report(Code::kMigration, where, std::move(message));
    }

    // ---- The versions

    std::optional<dev::ir::Migration> versions(const ast::MigrateItem& item) {
        const auto from = constant_of(device_, *item.from, "a version"),
                   to = constant_of(device_, *item.to, "a version");
        if (!from || !to) return std::nullopt;
        const Span both{item.from->span.file, item.from->span.begin, item.to->span.end};
        if (*from < 1 || *from >= *to) {
            bad(both, "a migration leads from a version to a later one");
        } else if (*to > program_.version) {
            bad(item.to->span,
                fmt::format("the state has version {}, so nothing becomes version {}", program_.version, *to))
                .help(fmt::format("the header says which version it has: `snapshot {}`", *to));
        } else if (const auto known = begin_.find(*from); known != begin_.end()) {
            bad(item.from->span, fmt::format("there are two migrations of version {}", *from))
                .label(known->second, "the first");
        } else {
            begin_.emplace(*from, item.from->span);
            dev::ir::Migration made;
            made.from = static_cast<std::uint32_t>(*from);
            made.to = static_cast<std::uint32_t>(*to);
            return made;
        }
        return std::nullopt;
    }

    void lower(const ast::MigrateItem& item) {
        std::optional<dev::ir::Migration> made = versions(item);
        if (!made) return;
        for (const LockedField& field : history_.of_version(made->from)) made->old.push_back(field_of(program_, field));
        if (made->to != program_.version)
            for (const LockedField& field : history_.of_version(made->to))
                made->made.push_back(field_of(program_, field));
        Declared seen = view(item, *made);
        Body body(seen, fmt::format("migrate {} -> {}", made->from, made->to), 0, false);
        body.statements(item.body);
        made->code = body.finish(item.span);
        const dev::ir::Effects effects = dev::ir::effects_of(made->code);
        if (!effects.sinks.empty() || effects.sets_timers || effects.reads_timers || effects.asks_machine)
            bad(item.span, "a migration follows from the saved state alone")
                .help("it assigns fields of the state; sinks, timers, clocks and the machine are not there yet");
        program_.migrations.push_back(std::move(*made));
    }

    // ---- What the code of one sees: the fields of the version that it makes, and the saved ones behind its word for
    // them

    Declared view(const ast::MigrateItem& item, const dev::ir::Migration& migration) const {
        Declared seen = device_;
        if (migration.to != program_.version) {
            std::erase_if(seen.symbols, [](const auto& one) { return one.second.kind != SymbolKind::kEnum; });
            seen.program.state.clear();
            seen.state_types.clear();
            for (const dev::ir::StateField& field : migration.made) add(seen, field.name, field, item.span);
        }
        seen.state_phases.assign(seen.program.state.size(), nullptr);
        seen.first_old = static_cast<std::uint32_t>(seen.program.state.size());
        if (item.old) seen.old = item.old->text;
        for (const dev::ir::StateField& field : migration.old)
            add(seen, item.old ? seen.old + "." + field.name : "", field, item.span);
        seen.state_phases.resize(seen.program.state.size());
        return seen;
    }

    void add(Declared& seen, const std::string& name, const dev::ir::StateField& field, Span where) const {
        const auto at = static_cast<std::uint32_t>(seen.program.state.size());
        if (!name.empty()) seen.symbols.insert_or_assign(name, Symbol{SymbolKind::kState, at, where});
        seen.program.state.push_back(field);
        seen.state_types.push_back(type_in_code(device_, field));
    }

    // ---- Nothing is lost unsaid

    // Whether a state of that version meets, on its way, a migration that can read the field.
    bool is_met(std::uint32_t version, const LockedField& field) const {
        for (const dev::ir::Migration& step : program_.migrations) {
            if (step.from < version) continue;
            if (step.from > field.until) return false;
            if (step.to > field.until) return true;
            version = step.to;
        }
        return false;
    }

    void require_no_loss() {
        for (const LockedField& field : history_.gone) {
            for (std::uint32_t version = field.since; version <= field.until; ++version) {
                if (is_met(version, field)) continue;
                report_loss(field, version);
                break;
            }
        }
    }

    void report_loss(const LockedField& field, std::uint32_t version) {
        const std::uint32_t last = field.until;
        auto& finding =
            bad(device_.node->name.span,
                fmt::format("version {} has no `{}`, and nothing says what becomes of it", last + 1, field.name));
        finding.note(fmt::format("a state of version {} has it, as {}", version, field.type));
        finding.help("an empty migration says that it is not needed any more");
        const Span all = device_.node->span;
        const std::uint32_t end = all.end - 1;  // before the closing brace
        finding.fix({"say it in a migration",
                     diagnostics::Applicability::kHasPlaceholders,
                     {{{all.file, end, end}, fmt::format("    migrate {} -> {} (old) {{ }}\n", last, last + 1)}}});
    }

    Declared& device_;
    dev::ir::Program& program_;
    LockedDevice history_;
    std::map<std::uint64_t, Span> begin_;
    bool is_whole_ = true;
};

}  // namespace

void lower_migrations(Declared& device, const LockedDevice* before) {
    if (device.migrations.empty() && before == nullptr) return;
    Migrations(device, before).run();
}

}  // namespace nyx::device
