#include "devices/ir/service.h"

#include <fmt/format.h>

#include <algorithm>

#include "devices/ir/effects.h"
#include "devices/ir/queueing.h"
#include "devices/ir/value_flow.h"

namespace nyx::dev::ir {

namespace {

constexpr std::size_t kMaxDoorbellValues = 16;  // each is an eventfd

std::uint32_t end_of(const Register& reg) {
    return reg.offset + reg.stride * (reg.count - 1) + reg.width;
}

class Classifier {
  public:
    explicit Classifier(const Program& program) : program_(program), services_(program.registers.size()) {
        for (const Register& reg : program.registers) {
            reads_.push_back(effects_of_read(program, reg));
            writes_.push_back(effects_of_write(program, reg));
            page_obstacles_.push_back(forbids_page(reg));
        }
    }

    // Pages first: what they show must not change without an exit. Then doorbells, whose handlers run late.
    std::vector<RegisterService> run() {
        for (std::uint32_t i = 0; i < services_.size(); ++i) {
            const Register& reg = program_.registers[i];
            services_[i].read = reg.readable ? serve_read(reg) : Served{Service::kNative, "it is not read", {}};
            if (!reg.writable) services_[i].write.reason = "it is not written";
        }
        note_page_reads();
        for (std::uint32_t i = 0; i < services_.size(); ++i)
            if (program_.registers[i].writable) services_[i].write = serve_doorbell(program_.registers[i]);
        note_doorbell_reads();
        serve_queued();
        return std::move(services_);
    }

  private:
    const std::string& field_name(std::uint32_t field) const { return program_.state[field].name; }

    static Served native(std::string why) { return {Service::kNative, std::move(why), {}}; }

    Served serve_read(const Register& reg) const {
        const Bank& bank = program_.banks[reg.bank];
        if (bank.space == Space::kPio) return native("port reads always exit");
        const std::uint32_t page = reg.offset / kPageSize;
        if ((end_of(reg) - 1) / kPageSize != page) return native("it lies on two pages");
        if (std::uint64_t{page + 1} * kPageSize > bank.size) return native("its page is not the device's alone");
        for (const Register& other : program_.registers) {
            const bool is_here =
                other.bank == reg.bank && other.offset / kPageSize <= page && (end_of(other) - 1) / kPageSize >= page;
            if (!is_here) continue;
            if (const std::string& why = page_obstacles_[number_of(other)]; !why.empty())
                return native(&other == &reg ? why : fmt::format("{}, on the same page: {}", other.name, why));
        }
        return {Service::kConstRead, {}, {}};
    }

    std::size_t number_of(const Register& reg) const {
        return static_cast<std::size_t>(&reg - program_.registers.data());
    }

    std::string forbids_page(const Register& reg) const {
        const Bank& bank = program_.banks[reg.bank];
        if ((end_of(reg) - 1) / kPageSize != reg.offset / kPageSize) return "it lies on two pages";
        if (bank.widths != (1 | 2 | 4 | 8)) return "not every width of access is served";
        if (bank.narrow == Narrow::kReject && reg.width > 1) return "a read of a part of it gives something else";
        if (!reg.readable) return {};
        const Effects& effects = reads_[number_of(reg)];
        if (effects.asks_host) return "a read of it asks the host";
        if (!effects.is_pure()) return "a read of it changes something";
        if (effects.reads_timers) return "it tells the time";
        return {};
    }

    void note_page_reads() {
        for (std::uint32_t i = 0; i < services_.size(); ++i) {
            if (services_[i].read.service != Service::kConstRead) continue;
            const Effects& effects = reads_[i];
            page_reads_.insert(effects.reads.begin(), effects.reads.end());
        }
    }

    // Empty: nothing that is written stands on the same bytes.
    std::string rival(const Register& reg) const {
        for (const Register& other : program_.registers)
            if (&other != &reg && other.writable && overlap(reg, other)) return other.name;
        return {};
    }

    Served serve_doorbell(const Register& reg) const {
        if (reg.on_write == kNone) return native("");
        const Effects& effects = writes_[number_of(reg)];
        if (effects.sinks.empty()) return native("");
        if (!effects.writes.empty())
            return native(fmt::format("a write changes {}", field_name(*effects.writes.begin())));
        if (effects.sets_timers || effects.reads_timers) return native("a write uses a timer");
        if (effects.asks_machine) return native("a write asks the machine");
        if (effects.asks_host) return native("a write asks the host");
        if (reg.by_parts) return native("it is told which part of it is written");
        if (std::string other = rival(reg); !other.empty())
            return native(fmt::format("{} stands on the same bytes", other));
        const Function& handler = program_.functions[reg.on_write];
        auto values = compared_constants(handler, reg.width * 8u);
        if (!values) return native("the value that is written goes on to the host");
        if (values->size() * reg.count > kMaxDoorbellValues || reg.count > kMaxDoorbellValues)
            return native(fmt::format("it would take more than {} doorbells", kMaxDoorbellValues));
        const bool is_any = values->empty();
        std::erase_if(*values,
                      [&](std::uint64_t value) { return sinks_reached(handler, reg.width * 8u, value).empty(); });
        if (values->empty() && !is_any) return native("the values that notify the host are not constants");
        if (std::string why = mixes_up(reg, handler, *values); !why.empty()) return native(why);
        return {Service::kDoorbell, {}, std::move(*values)};
    }

    // Two doorbells say how often, but not in which order they were rung.
    static std::string mixes_up(const Register& reg, const Function& handler,
                                const std::vector<std::uint64_t>& values) {
        std::set<std::uint32_t> seen;
        for (std::uint64_t value : values) {
            for (std::uint32_t sink : sinks_reached(handler, reg.width * 8u, value))
                if (!seen.insert(sink).second) return "the order of writes of different values would be lost";
        }
        if (reg.count > 1) return "the order of writes to different elements would be lost";
        return {};
    }

    void note_doorbell_reads() {
        for (std::uint32_t i = 0; i < services_.size(); ++i) {
            if (services_[i].write.service != Service::kDoorbell) continue;
            const Effects& effects = writes_[i];
            doorbell_reads_.insert(effects.reads.begin(), effects.reads.end());
        }
    }

    // First what may wait in any mode, for its writes change no mode that others rely on.
    void serve_queued() {
        Queueing queueing(program_, decided());
        for (const Register& reg : program_.registers) queue_obstacles_.push_back(queueing.forbids(reg));
        for (std::uint32_t i = 0; i < services_.size(); ++i) {
            if (!program_.registers[i].writable || services_[i].write.service == Service::kDoorbell) continue;
            services_[i].write = serve_in_any_mode(program_.registers[i]);
            if (services_[i].write.service == Service::kCoalesced)
                services_[i].write.sends = queueing.sends(program_.registers[i]);
        }
        for (std::uint32_t i = 0; i < services_.size(); ++i)
            if (program_.registers[i].writable && services_[i].write.service == Service::kNative)
                serve_while(program_.registers[i], queueing);
    }

    Queueing::Decided decided() const {
        Queueing::Decided all{page_reads_, doorbell_reads_, {}, {}};
        for (std::size_t i = 0; i < services_.size(); ++i) {
            all.no_doorbell.push_back(services_[i].write.reason);
            if (services_[i].write.service == Service::kDoorbell)
                all.doorbell_sinks.insert(writes_[i].sinks.begin(), writes_[i].sinks.end());
        }
        return all;
    }

    // Whatever else stands on the register's bytes must be as harmless, for the ring does not tell them apart.
    Served serve_in_any_mode(const Register& reg) const {
        if (const std::string& why = queue_obstacles_[number_of(reg)]; !why.empty()) return native(why);
        for (const Register& other : program_.registers) {
            if (&other == &reg || !other.writable || !overlap(reg, other)) continue;
            if (const std::string& why = queue_obstacles_[number_of(other)]; !why.empty())
                return native(fmt::format("{}, on the same bytes: {}", other.name, why));
        }
        return {Service::kCoalesced, {}, {}};
    }

    // Of registers that send to the host, which are written often; others set modes.
    void serve_while(const Register& reg, Queueing& queueing) {
        Served& write = services_[number_of(reg)].write;
        if (writes_[number_of(reg)].sinks.empty() || common(writes_[number_of(reg)].writes, relied_on_)) return;
        const auto waits = [&](const Register& other) {
            return services_[number_of(other)].write.service <= Service::kCoalescedWhile && overlap(reg, other);
        };
        if (std::ranges::any_of(program_.registers, waits)) return;  // ranges of the queue do not share bytes
        const auto bits = queueing.condition_of(reg, modes_for(reg));
        if (!bits) return;
        write.service = Service::kCoalescedWhile;
        write.sends = true;
        write.bits = *bits;
        for (const ModeBit& bit : *bits) relied_on_.insert(bit.field);
    }

    // Fields of one number that nothing changes but writes of the guest which exit.
    Fields modes_for(const Register& reg) const {
        Fields changed;
        const auto note = [&](const Effects& effects) { changed.insert(effects.writes.begin(), effects.writes.end()); };
        for (const Effects& read : reads_) note(read);
        for (const Source& source : program_.sources)
            if (source.handler != kNone) note(effects_of(program_.functions[source.handler]));
        for (const Timer& timer : program_.timers)
            if (timer.handler != kNone) note(effects_of(program_.functions[timer.handler]));
        for (std::size_t i = 0; i < services_.size(); ++i) {
            const Register& other = program_.registers[i];
            const bool may_wait = services_[i].write.service <= Service::kCoalescedWhile;
            if (other.writable && (may_wait || &other == &reg || overlap(reg, other))) note(writes_[i]);
        }
        Fields modes;
        for (std::uint32_t i = 0; i < program_.state.size(); ++i)
            if (program_.state[i].type.kind == TypeKind::kScalar && !changed.contains(i)) modes.insert(i);
        return modes;
    }

    const Program& program_;
    std::vector<RegisterService> services_;
    // By register, computed once: a program is as large as its file.
    std::vector<Effects> reads_, writes_;
    std::vector<std::string> page_obstacles_, queue_obstacles_;  // empty: none
    Fields page_reads_, doorbell_reads_;
    Fields relied_on_;  // modes under which some writes wait
};

}  // namespace

std::vector<RegisterService> services_of(const Program& program) {
    return Classifier(program).run();
}

static std::size_t number_of(const Program& program, const Register& reg) {
    return static_cast<std::size_t>(&reg - program.registers.data());
}

Served served_read(const Program& program, const Register& reg) {
    return services_of(program)[number_of(program, reg)].read;
}

Served served_write(const Program& program, const Register& reg) {
    return services_of(program)[number_of(program, reg)].write;
}

static std::string name_of(const Program& program, const ModeBit& bit) {
    for (const Register& reg : program.registers) {
        if (reg.storage != bit.field) continue;
        for (const Field& field : reg.fields)
            if (field.high == bit.bit && field.low == bit.bit) return fmt::format("{}.{}", reg.name, field.name);
    }
    const StateField& field = program.state[bit.field];
    return field.type.bits == 1 ? field.name : fmt::format("{}[{}]", field.name, bit.bit);
}

std::string text_of(const Program& program, std::span<const ModeBit> bits) {
    std::string text;
    for (const ModeBit& bit : bits)
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name_of(program, bit), bit.value ? 1 : 0);
    return text;
}

// A promise of const-read is about reads, one of doorbell or coalesced about writes.
std::optional<std::string> broken_promise(const RegisterService& served, Service promise) {
    if (promise >= Service::kNative) return std::nullopt;
    const Served& one = promise == Service::kConstRead ? served.read : served.write;
    if (one.service <= promise) return std::nullopt;
    return one.reason;
}

std::vector<std::uint32_t> read_only_pages(const Program& program, std::uint32_t bank,
                                           const std::vector<RegisterService>& services) {
    std::set<std::uint32_t> pages;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const Register& reg = program.registers[i];
        if (reg.bank == bank && services[i].read.service == Service::kConstRead)
            pages.insert(reg.offset / kPageSize * kPageSize);
    }
    return {pages.begin(), pages.end()};
}

}  // namespace nyx::dev::ir
