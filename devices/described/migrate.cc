#include "devices/described/migrate.h"

#include <algorithm>
#include <map>

#include "devices/described/interpreter.h"
#include "devices/ir/migration.h"
#include "runtime/base/check.h"

namespace nyx::dev::described {

namespace {

using Values = std::map<std::uint32_t, Bytes>;

constexpr std::uint32_t kFirstTimer = 0x10000;  // ids from here on are those of timers

// A migration is a function of the state alone: verify() has seen to it.
class Nothing final : public Surroundings {
    void emit(std::uint32_t, std::uint64_t) override { NYX_CHECK(false, "a migration sends nothing"); }
    void arm(std::uint32_t, std::uint64_t) override { NYX_CHECK(false, "a migration has no timers"); }
    void cancel(std::uint32_t) override { NYX_CHECK(false, "a migration has no timers"); }
    bool is_running(std::uint32_t) override { return false; }
    std::uint64_t elapsed(std::uint32_t) override { return 0; }
    std::uint64_t answer(std::uint32_t, std::uint64_t) override { return 0; }
    std::uint64_t wall_time() override { return 0; }
    void ask(ir::Control, std::uint64_t) override { NYX_CHECK(false, "a migration asks for nothing"); }
};

tl::unexpected<Error> wrong(const ir::Migration& step, std::uint32_t id, std::string_view what) {
    return fail(ErrorCode::kCorrupt, "saved state of version {}: field {} {}", step.from, id, what);
}

// The values into fields `first` and on.
Status fill(State& state, std::size_t first, const std::vector<ir::StateField>& about, const Values& values,
            const ir::Migration& step) {
    for (std::size_t i = 0; i < about.size(); ++i) {
        const auto found = values.find(about[i].id);
        if (found != values.end() && !state.restore(static_cast<std::uint32_t>(first + i), found->second))
            return wrong(step, about[i].id, "is no value of its type");
    }
    return {};
}

Status take(const ir::Program& program, const ir::Migration& step, Values& values) {
    const std::vector<ir::StateField>& made = ir::made_by(program, step);
    const ir::Program code = ir::migration_program(program, step);
    for (const auto& [id, value] : values) {
        const bool is_known =
            id >= kFirstTimer || std::ranges::any_of(step.old, [&](const ir::StateField& one) { return one.id == id; });
        if (!is_known) return wrong(step, id, "is unknown");
    }
    State state(code);
    NYX_TRY(fill(state, 0, made, values, step));
    NYX_TRY(fill(state, made.size(), step.old, values, step));
    Nothing nothing;
    Interpreter(code, state, nothing).call(0);
    std::erase_if(values, [](const auto& one) { return one.first < kFirstTimer; });
    for (std::uint32_t i = 0; i < made.size(); ++i) values[made[i].id] = state.saved(i);
    return {};
}

}  // namespace

Result<std::vector<StateField>> migrated(const ir::Program& program, std::uint32_t version,
                                         std::span<const StateField> fields) {
    Values values;
    for (const StateField& field : fields) {
        if (!values.empty() && field.id <= values.rbegin()->first)
            return fail(ErrorCode::kCorrupt, "saved state: field {} is repeated or out of order", field.id);
        values.emplace(field.id, field.value);
    }
    for (const ir::Migration& step : program.migrations) {
        if (step.from < version) continue;
        NYX_TRY(take(program, step, values));
        version = step.to;
    }
    std::vector<StateField> result;
    for (auto& [id, value] : values) result.push_back({id, std::move(value)});
    return result;
}

}  // namespace nyx::dev::described
