#include "runtime/soft/vm/saved_cpu.h"

namespace nyx::soft {
namespace {

constexpr const char* kType = "soft_cpu";
constexpr std::uint32_t kVersion = 1;

// Of the reasons for attention, those that are latched here and nowhere else.
constexpr std::uint32_t kLatched = kWantNmi | kWantInit | kWantSipi;

// What is not a public part of the state, or has another form there.
struct Rest {
    std::uint64_t rip = 0, rflags = 2, instructions = 0;
    std::uint32_t cpl = 0, wanted = 0;
    Activity activity = Activity::kRunning;
    bool interrupt_shadow = false, debug_shadow = false, nmi_blocked = false;
    std::uint8_t sipi_vector = 0;
};

struct State {
    std::array<std::uint64_t, 17> gpr{};
    std::array<Segment, 8> segments{};
    DescriptorTable gdt, idt;
    ControlRegisters control;
    MsrState msr;
    VectorState vector;
    X87State x87;
    Rest rest;
};

// The fields of a unit, id by id: each group is visited number by number.
template <class Io, class S>
void groups(Io& io, S& s) {
    io.group(1, [&](auto& in) {
        for (unsigned i = 0; i < 16; ++i) in(s.gpr[i]);
        in(s.rest.rip), in(s.rest.rflags);
    });
    io.group(2, [&](auto& in) {
        for (auto& segment : s.segments) in(segment.base), in(segment.limit), in(segment.selector), in(segment.access);
        in(s.gdt.base), in(s.gdt.limit), in(s.idt.base), in(s.idt.limit);
    });
    io.group(3, [&](auto& in) {
        auto& c = s.control;
        in(c.cr0), in(c.cr2), in(c.cr3), in(c.cr4), in(c.efer), in(c.xcr0), in(c.dr6), in(c.dr7);
        for (auto& pointer : c.page_pointers) in(pointer);
        for (auto& address : c.dr) in(address);
    });
    io.group(4, [&](auto& in) {
        auto& m = s.msr;
        in(m.star), in(m.lstar), in(m.cstar), in(m.sfmask), in(m.kernel_gs_base), in(m.tsc_aux);
        in(m.sysenter_cs), in(m.sysenter_esp), in(m.sysenter_eip), in(m.pat), in(m.misc_enable), in(m.mtrr_def_type);
        in(m.mcg_status), in(m.mtrr_capabilities), in(m.speculation_control), in(m.tsc_offset), in(m.tsc_adjust);
        for (auto& range : m.mtrr_variable) in(range);
        for (auto& range : m.mtrr_fixed) in(range);
    });
    io.group(5, [&](auto& in) {
        for (auto& reg : s.vector.ymm)
            for (auto& byte : reg.bytes) in(byte);
        in(s.vector.mxcsr);
    });
    io.group(6, [&](auto& in) {
        auto& x = s.x87;
        for (auto& reg : x.registers)
            for (auto& byte : reg.bytes) in(byte);
        in(x.control), in(x.status), in(x.top), in(x.in_use), in(x.opcode), in(x.instruction_pointer);
        in(x.data_pointer), in(x.instruction_selector), in(x.data_selector);
    });
    io.group(7, [&](auto& in) {
        auto& r = s.rest;
        in(r.instructions), in(r.cpl), in(r.wanted), in(r.activity), in(r.interrupt_shadow), in(r.debug_shadow);
        in(r.nmi_blocked), in(r.sipi_vector);
    });
}

struct Writer {
    std::vector<dev::StateField> fields;

    template <class Visit>
    void group(std::uint32_t id, Visit visit) {
        ByteWriter out;
        auto in = [&](const auto& number) {
            using T = std::remove_cvref_t<decltype(number)>;
            if constexpr (std::is_same_v<T, bool>)
                out.write(static_cast<std::uint8_t>(number));
            else
                out.write(number);
        };
        visit(in);
        fields.push_back({id, out.take()});
    }
};

struct Reader {
    std::span<const dev::StateField> fields;
    std::size_t at = 0;
    bool fits = true;

    template <class Visit>
    void group(std::uint32_t id, Visit visit) {
        if (at == fields.size() || fields[at].id != id) {
            fits = false;
            return;
        }
        ByteReader bytes(fields[at++].value);
        auto in = [&](auto& number) {
            using T = std::remove_cvref_t<decltype(number)>;
            if constexpr (std::is_same_v<T, bool>)
                number = bytes.read<std::uint8_t>() != 0;
            else
                number = bytes.read<T>();
        };
        visit(in);
        fits = fits && bytes.ok() && bytes.remaining() == 0;
    }
};

bool is_possible(const State& state) {
    return state.rest.cpl <= 3 && state.rest.activity <= Activity::kShutdown && (state.rest.wanted & ~kLatched) == 0 &&
           state.x87.top < 8;
}

}  // namespace

dev::StateUnit save_cpu(const Cpu& cpu) {
    const Rest rest{cpu.rip,      cpu.rflags(),         cpu.instructions, cpu.cpl,         cpu.wanted() & kLatched,
                    cpu.activity, cpu.interrupt_shadow, cpu.debug_shadow, cpu.nmi_blocked, cpu.sipi_vector.load()};
    const State state{cpu.gpr, cpu.segments, cpu.gdt, cpu.idt, cpu.control, cpu.msr, cpu.vector, cpu.x87, rest};
    Writer writer;
    groups(writer, state);
    return {"cpu" + std::to_string(cpu.index), kType, kVersion, std::move(writer.fields)};
}

Status restore_cpu(const dev::StateUnit& unit, Cpu& cpu) {
    State state;
    Reader reader{unit.fields};
    if (unit.type != kType || unit.version != kVersion)
        return fail(ErrorCode::kCorrupt, "saved state: '{}' is a {} of version {}", unit.path, unit.type, unit.version);
    groups(reader, state);
    if (!reader.fits || reader.at != unit.fields.size() || !is_possible(state))
        return fail(ErrorCode::kCorrupt, "saved state: no CPU can be in that of '{}'", unit.path);
    const Rest& rest = state.rest;
    cpu.gpr = state.gpr;
    cpu.segments = state.segments;
    cpu.gdt = state.gdt;
    cpu.idt = state.idt;
    cpu.control = state.control;
    cpu.msr = state.msr;
    cpu.vector = state.vector;
    cpu.x87 = state.x87;
    cpu.rip = rest.rip;
    cpu.flags.store(rest.rflags);
    cpu.other_flags = rest.rflags & ~kArithmeticFlags;
    cpu.instructions = rest.instructions;
    cpu.cpl = rest.cpl;
    cpu.activity = rest.activity;
    cpu.interrupt_shadow = rest.interrupt_shadow;
    cpu.debug_shadow = rest.debug_shadow;
    cpu.nmi_blocked = rest.nmi_blocked;
    cpu.sipi_vector = rest.sipi_vector;
    cpu.no_attention(~0u);
    cpu.attention(rest.wanted);
    cpu.forget_derived();
    cpu.state_replaced();
    cpu.control.page_pointers = state.control.page_pointers;  // registers, whatever memory holds there by now
    return {};
}

}  // namespace nyx::soft
