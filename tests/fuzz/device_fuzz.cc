// Any device of a file under any operations: accesses of all widths and offsets, input, time, reset, save and restore.
// Its invariants hold after each, and what was saved restores to the same.
//
// NYX_FUZZ_DEVICE names the file; the last device in it is taken.
#include <cstdlib>
#include <memory>

#include "../unit/devices/fixture.h"
#include "compiler/device/compile.h"
#include "compiler/syntax/parser.h"
#include "devices/described/device.h"
#include "runtime/base/check.h"

using namespace nyx;

namespace {

const device::CompiledDevice& chosen() {
    static const std::optional<device::CompiledDevice> made = [] {
        const char* path = std::getenv("NYX_FUZZ_DEVICE");
        NYX_CHECK(path != nullptr);
        source::SourceMap sources;
        diagnostics::Sink sink;
        auto file = sources.load(path);
        NYX_CHECK(file.has_value());
        const auto module = syntax::parse(sources, *file, sink);
        device::Known known;
        std::optional<device::CompiledDevice> last;
        for (const auto& statement : module->body) {
            const auto* node = ast::try_as<ast::DeviceDecl>(statement.get());
            if (node == nullptr) continue;
            known.emplace(node->name.text, node);
            last = device::compile(*node, known, sources, sink);
        }
        NYX_CHECK(last.has_value());
        return last;
    }();
    return *made;
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

std::vector<dev::StateField> saved(const dev::Device& device) {
    dev::StateWriter writer;
    device.save(writer);
    return writer.take();
}

void perform(dev::described::Described& device, dev::Surroundings& around, const dev::ir::Program& program,
             Input& input) {
    const std::uint64_t what = input.take(1);
    if (what < 200) {
        const auto region = static_cast<std::uint32_t>(input.take(1) % program.banks.size());
        const std::uint64_t size = program.banks[region].size;
        std::uint64_t width = std::uint64_t{1} << (input.take(1) % 4);
        while (width > size) width /= 2;
        const dev::Access access{region, input.take(2) % (size - width + 1), static_cast<std::uint8_t>(width)};
        const std::uint64_t most = dev::ir::low_bits(access.width * 8u);
        if (what % 2 == 0) {
            device.write(access, input.take(access.width) & most);
        } else {
            NYX_CHECK((device.read(access) & ~most) == 0);
        }
    } else if (what < 220 && !program.sources.empty()) {
        device.signal(static_cast<std::uint32_t>(input.take(1) % program.sources.size()), input.take(8));
    } else if (what < 240) {
        around.timers.advance(input.take(4));
    } else if (what < 245) {
        device.reset();
    } else {
        const std::vector<dev::StateField> before = saved(device);
        dev::StateReader reader(before);
        NYX_CHECK(device.restore(reader).has_value());
        NYX_CHECK(saved(device) == before);
    }
    NYX_CHECK(device.broken_invariant().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const dev::ir::Program& program = chosen().program;
    dev::Surroundings around;
    auto device = dev::described::Described::create(program, around.environment(program.lines.size()));
    NYX_CHECK(device.has_value());
    Input input{data, size};
    while (input.size != 0) perform(**device, around, program, input);
    return 0;
}
