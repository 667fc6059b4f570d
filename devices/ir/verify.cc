#include "devices/ir/verify.h"

#include <algorithm>
#include <set>

#include "devices/ir/effects.h"
#include "devices/ir/migration.h"
#include "devices/ir/ports.h"
#include "devices/ir/verify_function.h"

namespace nyx::dev::ir {

namespace {

constexpr std::size_t kMaxItems = 4096;
constexpr std::uint32_t kMaxCount = 65536;
constexpr std::uint32_t kMaxBank = 1 << 20;  // ECAM of a bus

bool is_width(unsigned bits) {
    return bits == 8 || bits == 16 || bits == 32 || bits == 64;
}

template <class... Args>
Status wrong(fmt::format_string<Args...> format, Args&&... args) {
    return fail(ErrorCode::kCorrupt, "device program: {}", fmt::format(format, std::forward<Args>(args)...));
}

// Names that an inspector or a page shows are unique in their list.
template <class List>
Status check_names(const List& list, std::string_view what) {
    if (list.size() > kMaxItems) return wrong("{} {}s are too many", list.size(), what);
    std::set<std::string_view> names;
    for (const auto& one : list) {
        if (one.name.empty() || one.name.size() > 255) return wrong("a {} has no proper name", what);
        if (!names.insert(one.name).second) return wrong("two {}s are called {}", what, one.name);
    }
    return {};
}

class Verifier {
  public:
    explicit Verifier(const Program& program) : program_(program) {}

    Status run() {
        NYX_TRY(names());
        NYX_TRY(fields(program_.state));
        for (const Function& function : program_.functions) NYX_TRY(verify_function(program_, function));
        for (const Bank& bank : program_.banks) {
            if (bank.size < 1 || bank.size > kMaxBank) return wrong("bank {} has {} bytes", bank.name, bank.size);
            if (bank.widths == 0 || bank.widths > 15) return wrong("bank {} serves no width", bank.name);
        }
        for (const Register& reg : program_.registers) NYX_TRY(check(reg));
        NYX_TRY(surroundings());
        NYX_TRY(migrations());
        return script();
    }

  private:
    Status names() {
        if (program_.name.empty() || program_.version == 0) return wrong("it has no name or version");
        NYX_TRY(check_names(program_.state, "state field"));
        NYX_TRY(check_names(program_.banks, "bank"));
        NYX_TRY(check_names(program_.registers, "register"));
        NYX_TRY(check_names(program_.lines, "line"));
        NYX_TRY(check_names(program_.sinks, "sink"));
        NYX_TRY(check_names(program_.sources, "source"));
        NYX_TRY(check_names(program_.queries, "query"));
        NYX_TRY(check_names(program_.settings, "setting"));
        NYX_TRY(check_names(program_.derives, "derived value"));
        return check_names(program_.timers, "timer");
    }

    Status fields(const std::vector<StateField>& list) {
        if (list.size() > kMaxItems) return wrong("{} state fields are too many", list.size());
        std::uint32_t last = 0;
        for (const StateField& field : list) {
            if (field.id <= last || field.id > 0xFFFF) return wrong("the id of {} does not ascend", field.name);
            last = field.id;
            const Type& type = field.type;
            const bool is_counted = type.kind == TypeKind::kScalar ? type.count == 1 : type.count <= kMaxCount;
            if (type.bits < 1 || type.bits > 64 || type.count < 1 || !is_counted)
                return wrong("{} has an impossible type", field.name);
            if ((field.initial & ~low_bits(type.bits)) != 0) return wrong("{} begins too large", field.name);
            if (field.since < 1 || field.since > program_.version) return wrong("{} is from the future", field.name);
        }
        return {};
    }

    // function: kNone, or one of this shape.
    Status shape(std::uint32_t function, unsigned parameters, bool returns, std::string_view of) {
        if (function == kNone) return {};
        if (function >= program_.functions.size()) return wrong("{} names a function that is not there", of);
        const Function& found = program_.functions[function];
        if (found.parameters != parameters || found.returns != returns)
            return wrong("{} names {}, which has another shape", of, found.name);
        return {};
    }

    // The same for what is asked at any time and as often as it suits: it changes nothing.
    Status question(std::uint32_t function, unsigned parameters, std::string_view of) {
        NYX_TRY(shape(function, parameters, true, of));
        if (function != kNone && !effects_of(program_.functions[function]).is_pure())
            return wrong("{} asks {}, which changes something", of, program_.functions[function].name);
        return {};
    }

    Status check(const Register& reg) {
        NYX_TRY(place(reg));
        NYX_TRY(check_names(reg.fields, "field"));
        for (const Field& field : reg.fields) {
            if (field.high < field.low || field.high >= reg.width * 8)
                return wrong("{}.{} is not in its register", reg.name, field.name);
        }
        NYX_TRY(storage(reg));
        NYX_TRY(question(reg.guard, 0, reg.name));
        NYX_TRY(question(reg.phase, 0, reg.name));
        NYX_TRY(question(reg.computed, 1, reg.name));
        if (reg.by_parts) NYX_TRY(parts(reg));
        const unsigned part = reg.by_parts ? 2 : 0;
        NYX_TRY(shape(reg.on_read, 1 + part, true, reg.name));
        return shape(reg.on_write, 3 + part, false, reg.name);
    }

    // Aligned accesses lie inside one element, and nothing but the handlers acts.
    Status parts(const Register& reg) {
        if (reg.offset % reg.width != 0 || reg.stride % reg.width != 0)
            return wrong("{} takes parts and is not aligned", reg.name);
        const bool is_handled = reg.storage == kNone && reg.computed == kNone && reg.fixed_mask == 0 &&
                                (!reg.readable || reg.on_read != kNone) && (!reg.writable || reg.on_write != kNone);
        return is_handled ? Status{} : wrong("{} takes parts that no handler has", reg.name);
    }

    Status place(const Register& reg) {
        if (reg.bank >= program_.banks.size()) return wrong("{} is in no bank", reg.name);
        if (!is_width(reg.width * 8u)) return wrong("{} is {} bytes wide", reg.name, reg.width);
        if (reg.count < 1 || reg.count > kMaxBank || reg.stride < reg.width || reg.stride > kMaxBank)
            return wrong("{} stands {} times, {} bytes apart", reg.name, reg.count, reg.stride);
        const std::uint64_t end = std::uint64_t{reg.offset} + std::uint64_t{reg.stride} * (reg.count - 1) + reg.width;
        if (end > program_.banks[reg.bank].size &&
            !is_config_address(program_.banks[reg.bank], reg.offset, reg.count, reg.width))
            return wrong("{} leaves its bank", reg.name);
        return {};
    }

    Status storage(const Register& reg) {
        const std::uint64_t all = low_bits(reg.width * 8u);
        const WriteMasks& write = reg.write;
        const std::uint64_t masks = write.plain | write.one_clears | write.one_sets | write.zero_clears;
        const std::uint64_t twice = (write.plain & (write.one_clears | write.one_sets | write.zero_clears)) |
                                    (write.one_clears & (write.one_sets | write.zero_clears)) |
                                    (write.one_sets & write.zero_clears);
        if (twice != 0) return wrong("a bit of {} is written in two ways", reg.name);
        if (((masks | reg.read_clears | reg.fixed_mask | reg.computed_mask | reg.reset) & ~all) != 0)
            return wrong("a mask of {} is wider than it", reg.name);
        if ((reg.fixed & ~reg.fixed_mask) != 0) return wrong("{} fixes bits that are not fixed", reg.name);
        if ((reg.computed == kNone) != (reg.computed_mask == 0)) return wrong("{} computes nothing", reg.name);
        if (reg.storage == kNone) {
            return (masks | reg.read_clears) == 0 ? Status{} : wrong("{} has nothing to write to", reg.name);
        }
        if (reg.storage >= program_.state.size()) return wrong("{} is stored nowhere", reg.name);
        const Type& type = program_.state[reg.storage].type;
        const TypeKind kind = reg.count == 1 ? TypeKind::kScalar : TypeKind::kArray;
        if (type.kind != kind || type.count != reg.count || type.bits != reg.width * 8u)
            return wrong("the storage of {} has another shape", reg.name);
        return {};
    }

    Status surroundings() {
        for (const Line& line : program_.lines) {
            if (line.level == kNone) return wrong("line {} has no level", line.name);
            NYX_TRY(question(line.level, 0, line.name));
        }
        for (const Sink& sink : program_.sinks) {
            if (!is_width(sink.bits)) return wrong("sink {} takes {} bits", sink.name, sink.bits);
        }
        for (const Source& source : program_.sources) {
            if (source.bits != 0 && !is_width(source.bits))
                return wrong("source {} brings {} bits", source.name, source.bits);
            if (source.handler == kNone && program_.script.name.empty())
                return wrong("source {} has no handler", source.name);
            NYX_TRY(question(source.accepts, 0, source.name));
            NYX_TRY(shape(source.handler, 1, false, source.name));
        }
        for (const Query& query : program_.queries) {
            if (!is_width(query.about) || !is_width(query.bits))
                return wrong("query {} is about {} bits and gives {}", query.name, query.about, query.bits);
        }
        for (const Setting& setting : program_.settings) {
            if (setting.bits < 1 || setting.bits > 64 || (setting.value & ~low_bits(setting.bits)) != 0)
                return wrong("setting {} has a value beyond its width", setting.name);
        }
        for (const Derive& derive : program_.derives) {
            if (derive.value == kNone || derive.bits < 1 || derive.bits > 64)
                return wrong("{} is derived from nothing", derive.name);
            NYX_TRY(question(derive.value, 0, derive.name));
        }
        std::uint32_t last = 0;
        for (const Timer& timer : program_.timers) {
            if (timer.id <= last || timer.id > 0xFFFF) return wrong("the id of timer {} does not ascend", timer.name);
            last = timer.id;
            if (timer.hertz < 1 || timer.hertz > 1'000'000'000)
                return wrong("timer {} has an impossible rate", timer.name);
            NYX_TRY(shape(timer.handler, 0, false, timer.name));
        }
        for (std::uint32_t invariant : program_.invariants) {
            if (invariant == kNone) return wrong("an invariant is nothing");
            NYX_TRY(question(invariant, 0, "an invariant"));
        }
        NYX_TRY(shape(program_.on_power_on, 0, false, "power_on"));
        return shape(program_.on_reset, 0, false, "reset");
    }

    Status migrations() {
        std::uint32_t last = 0;
        for (const Migration& one : program_.migrations) {
            if (one.from <= last || one.to <= one.from || one.to > program_.version)
                return wrong("a migration leads from version {} to {}", one.from, one.to);
            last = one.from;
            if (one.to == program_.version && !one.made.empty()) return wrong("a migration has a state of its own");
            NYX_TRY(fields(one.made));
            NYX_TRY(fields(one.old));
            NYX_TRY(code_of(one));
        }
        return {};
    }

    Status script() {
        const ScriptClass& one = program_.script;
        if (one.name.empty()) return one == ScriptClass{} ? Status{} : wrong("it says things of no class");
        if (one.bases.size() != program_.banks.size()) return wrong("class {} knows other banks", one.name);
        const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
        if (!one.code.empty() && (one.code.size() != 64 || !std::ranges::all_of(one.code, is_digit)))
            return wrong("the code of class {} has no digest", one.name);
        const auto has_code = [](const auto& port) { return port.handler != kNone; };
        const bool does_more = !program_.state.empty() || !program_.registers.empty() || !program_.migrations.empty() ||
                               !program_.invariants.empty() || program_.on_reset != kNone ||
                               program_.on_power_on != kNone || std::ranges::any_of(program_.sources, has_code) ||
                               std::ranges::any_of(program_.timers, has_code);
        if (does_more) return wrong("class {} is not all of it", one.name);
        return is_served_by_machine(program_) ? Status{} : wrong("class {} has ports that no machine has", one.name);
    }

    // It changes the fields that it makes, and nothing else.
    Status code_of(const Migration& one) {
        const Function& code = one.code;
        if (code.parameters != 0 || code.returns) return wrong("a migration has another shape");
        NYX_TRY(verify_function(migration_program(program_, one), code));
        const Effects effects = effects_of(code);
        const bool is_outside = !effects.writes.empty() && *effects.writes.rbegin() >= made_by(program_, one).size();
        if (is_outside || effects.asks_machine || effects.asks_host || effects.reads_timers)
            return wrong("the migration from version {} does more than that", one.from);
        return {};
    }

    const Program& program_;
};

}  // namespace

Status verify(const Program& program) {
    return Verifier(program).run();
}

std::string_view kind_name(Kind kind) {
    constexpr std::string_view kNames[] = {"const", "ro", "wo", "rw", "w1c", "w1s", "w0c", "rc", "doorbell", "rsvd"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view service_name(Service service) {
    constexpr std::string_view kNames[] = {"const-read", "doorbell", "coalesced", "coalesced-while", "native", "table"};
    return kNames[static_cast<std::size_t>(service)];
}

std::string_view op_name(Op op) {
    constexpr std::string_view kNames[] = {
#define NYX_DEVICE_OP(name, text) #name,
#include "devices/ir/op.def"
    };
    return kNames[static_cast<std::size_t>(op)];
}

}  // namespace nyx::dev::ir
