// Any described device under any operations: accesses of all widths and offsets, input, time, reset, save and restore.
// Its invariants hold after each, and what was saved restores to the same.
//
// NYX_FUZZ_PROGRAMS names a file that `nyxc emit devices` wrote; NYX_FUZZ_DEVICE one of its devices, if there are more.
// What counts as new to the fuzzer is a register that is accessed in another state: the interpreter's own code is soon
// covered and says nothing about the device.
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <vector>

#include "devices/described/device.h"
#include "devices/ir/program_json.h"
#include "devices/kit/fakes.h"
#include "runtime/base/check.h"
#include "runtime/base/file.h"

using namespace nyx;
using dev::ir::low_bits;
using dev::ir::Program;

namespace {

constexpr std::size_t kFeatures = std::size_t{1} << 16;
// libFuzzer takes these for coverage.
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t features[kFeatures];

void note(std::uint64_t feature) {
    features[(feature * 0x9E3779B97F4A7C15ull) >> 48] = 1;
}

const Program& chosen() {
    static const Program program = [] {
        const char* path = std::getenv("NYX_FUZZ_PROGRAMS");
        NYX_CHECK(path != nullptr, "NYX_FUZZ_PROGRAMS names no file");
        auto text = read_file(path, dev::ir::kMaxProgramsText);
        NYX_CHECK(text, "{}", text.error().message);
        std::string_view json = as_text(*text);
        while (json.ends_with('\n')) json.remove_suffix(1);
        auto programs = dev::ir::parse_programs(json);
        NYX_CHECK(programs, "{}", programs.error().message);
        const char* name = std::getenv("NYX_FUZZ_DEVICE");
        auto found = name == nullptr ? std::prev(programs->end()) : std::ranges::find(*programs, name, &Program::name);
        NYX_CHECK(found != programs->end(), "there is no device {}", name);
        return std::move(*found);
    }();
    return program;
}

// The input, a number at a time; zeros behind its end.
struct Input {
    const std::uint8_t* data;
    std::size_t size;
    std::uint64_t take(unsigned bytes) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < bytes && size != 0; ++i, --size) value |= std::uint64_t{*data++} << (8 * i);
        return value;
    }
};

struct Fuzzed final : dev::described::Outlets {
    const Program& program;
    dev::FakeClock clock;
    dev::FakeTimers timers{clock};
    dev::FakeControl control;
    dev::VectorSink output;
    std::deque<dev::FakeIrqLine> lines;
    std::vector<dev::IrqLine*> line_pointers;
    std::unique_ptr<dev::described::Described> device;

    explicit Fuzzed(const Program& made) : program(made), lines(made.lines.size()) {
        for (dev::FakeIrqLine& line : lines) line_pointers.push_back(&line);
        auto created =
            dev::described::Described::create(program, {line_pointers, clock, timers, control, output}, this);
        NYX_CHECK(created, "{}", created.error().message);
        device = std::move(*created);
    }
    void take(std::uint32_t sink, std::uint64_t value) override {
        NYX_CHECK((value & ~low_bits(program.sinks[sink].bits)) == 0);
        note(std::uint64_t{sink} << 32 | 0xE0000000);
    }
    // Anything, and often something else than the last time.
    std::uint64_t reply(std::uint32_t query, std::uint64_t about) override {
        NYX_CHECK((about & ~low_bits(program.queries[query].about)) == 0);
        note(std::uint64_t{query} << 32 | 0xD0000000);
        return answers = (answers ^ about) * 0x9E3779B97F4A7C15ull + 1;
    }
    std::uint64_t answers = 0;

    // Mostly a register as it is meant, otherwise anything inside the bank.
    dev::Access access(Input& input) const {
        const std::uint64_t how = input.take(2);
        const dev::ir::Register& reg = program.registers[how % program.registers.size()];
        if (how < 0xE000) {
            const std::uint64_t element = reg.count == 1 ? 0 : input.take(reg.count > 0x10000 ? 3 : 2) % reg.count;
            return {reg.bank, reg.offset + element * reg.stride, reg.width};
        }
        const auto region = static_cast<std::uint32_t>(input.take(1) % program.banks.size());
        const std::uint64_t size = program.banks[region].size;
        std::uint64_t width = std::uint64_t{1} << (input.take(1) % 4);
        while (width > size) width /= 2;
        return {region, input.take(size > 0x10000 ? 3 : 2) % (size - width + 1), static_cast<std::uint8_t>(width)};
    }

    std::vector<dev::StateField> saved() const {
        dev::StateWriter writer;
        device->save(writer);
        return writer.take();
    }

    void do_access(Input& input, bool is_write) {
        const dev::Access where = access(input);
        const std::uint64_t most = low_bits(where.width * 8u);
        const std::uint32_t reg = device->select(where, is_write);
        if (is_write) {
            device->write(where, input.take(where.width) & most);
        } else {
            NYX_CHECK((device->read(where) & ~most) == 0);
        }
        note_state(std::uint64_t{reg} << 1 | (is_write ? 1 : 0));
    }

    // A byte of the state with another value, or the same in another register's access.
    void note_state(std::uint64_t operation) const {
        const auto bytes = device->state_bytes();
        const std::size_t shown = std::min<std::size_t>(bytes.size(), 256);
        for (std::size_t i = 0; i < shown; ++i)
            if (bytes[i] != 0) note(i << 8 | bytes[i]);
        note(operation << 40 | device->state_bytes().size());
        for (std::size_t i = 0; i < shown; i += 8)
            if (bytes[i] != 0) note(operation << 40 | i << 9 | 0x100 | bytes[i]);
    }

    void restore_itself() {
        const std::vector<dev::StateField> before = saved();
        dev::StateReader reader(before);
        NYX_CHECK(device->restore(reader).has_value());
        NYX_CHECK(saved() == before);
    }

    void perform(Input& input) {
        const std::uint64_t what = input.take(1);
        if (what < 200) {
            do_access(input, what % 2 == 0);
        } else if (what < 220) {
            if (program.sources.empty()) return;
            const auto source = static_cast<std::uint32_t>(input.take(1) % program.sources.size());
            device->signal(source, input.take(8) & low_bits(program.sources[source].bits));
        } else if (what < 240) {
            timers.advance(input.take(4));
        } else if (what < 245) {
            device->reset();
        } else {
            restore_itself();
        }
        const std::string broken = device->broken_invariant();
        NYX_CHECK(broken.empty(), "the invariant {} does not hold", broken);
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Fuzzed fuzzed(chosen());
    Input input{data, size};
    while (input.size != 0) fuzzed.perform(input);
    return 0;
}
