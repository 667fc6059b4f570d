// Compiled code of a described device does what the reference does: the same values, state, lines, output and requests
// after every operation, over generated programs and accesses, with saves and restores in the middle.
#include <doctest/doctest.h>

#include <cstdlib>

#include "../unit/devices/described/generated_program.h"
#include "../unit/devices/described/made_programs.h"
#include "../unit/devices/fixture.h"
#include "compiler/codegen/device_ir.h"
#include "compiler/codegen/exit_code.h"
#include "devices/described/device.h"
#include "devices/ir/verify.h"
#include "runtime/jit/linked_object.h"

using namespace nyx;
using dev::described::Described;
using dev::ir::low_bits;
using dev::ir::Program;

namespace {

struct Side {
    dev::Surroundings around;
    std::unique_ptr<Described> device;

    explicit Side(const Program& program) {
        auto made = Described::create(program, around.environment(program.lines.size()));
        REQUIRE(made);
        device = std::move(*made);
    }
    std::vector<dev::StateField> saved() const {
        dev::StateWriter writer;
        device->save(writer);
        return writer.take();
    }
    bool restore(const std::vector<dev::StateField>& fields) {
        dev::StateReader reader(fields);
        return device->restore(reader).has_value();
    }
};

struct Operation {
    enum Kind { kRead, kWrite, kAdvance, kReceive, kReset, kRestore } kind = kRead;
    dev::Access access;
    std::uint64_t value = 0;
};

Operation operation(std::mt19937_64& random, const Program& program) {
    const std::uint64_t kind = random() % 40;
    Operation made;
    made.kind = kind < 18   ? Operation::kRead
                : kind < 34 ? Operation::kWrite
                : kind < 36 ? Operation::kAdvance
                : kind < 38 ? Operation::kReceive
                : kind < 39 ? Operation::kRestore
                            : Operation::kReset;
    made.access.region = static_cast<std::uint32_t>(random() % program.banks.size());
    made.access.width = static_cast<std::uint8_t>(1u << (random() % 4));
    made.access.offset = random() % (program.banks[made.access.region].size - made.access.width + 1);
    made.value = random() & low_bits(made.access.width * 8u);
    return made;
}

std::uint64_t perform(Side& side, const Operation& one, const std::vector<dev::StateField>& earlier) {
    switch (one.kind) {
        case Operation::kRead:
            return side.device->read(one.access);
        case Operation::kWrite:
            side.device->write(one.access, one.value);
            return 0;
        case Operation::kAdvance:
            side.around.timers.advance(one.value % 20'000);
            return 0;
        case Operation::kReceive: {
            const std::uint8_t bytes[] = {static_cast<std::uint8_t>(one.value), 2, 3};
            return side.device->byte_receiver() == nullptr ? 0 : side.device->receive(bytes);
        }
        case Operation::kReset:
            side.device->reset();
            return 0;
        case Operation::kRestore:
            return side.restore(earlier) ? 1 : 0;
    }
    return 0;
}

void require_same(Side& a, Side& b) {
    REQUIRE(std::ranges::equal(a.device->state_bytes(), b.device->state_bytes()));
    REQUIRE(a.around.output.bytes == b.around.output.bytes);
    REQUIRE(a.around.control.requests == b.around.control.requests);
    for (std::size_t i = 0; i < a.around.lines.size(); ++i) {
        REQUIRE(a.around.lines[i].asserted == b.around.lines[i].asserted);
        REQUIRE(a.around.lines[i].rises == b.around.lines[i].rises);
    }
    REQUIRE(a.around.timers.next_deadline() == b.around.timers.next_deadline());
}

void compare(const Program& program, std::mt19937_64& random, int operations) {
    const Status good = dev::ir::verify(program);
    REQUIRE_MESSAGE(good, good.error().message);
    auto object = codegen::device_object(program);
    REQUIRE(object);
    auto linked = jit::LinkedObject::link(*object);
    REQUIRE(linked);
    dev::ir::NativeCode code;
    REQUIRE((*linked)->find(codegen::device_read_symbol(program), code.read));
    REQUIRE((*linked)->find(codegen::device_write_symbol(program), code.write));
    Side reference(program), native(program);
    native.device->use(code);
    std::vector<dev::StateField> earlier = reference.saved();
    for (int i = 0; i < operations; ++i) {
        const Operation one = operation(random, program);
        REQUIRE(perform(native, one, earlier) == perform(reference, one, earlier));
        require_same(native, reference);
        if (i % 16 == 0) earlier = reference.saved();
    }
    REQUIRE(native.saved() == reference.saved());
}

// NYX_DEVICE_PROGRAMS asks for a longer run.
int programs() {
    const char* asked = std::getenv("NYX_DEVICE_PROGRAMS");
    return asked == nullptr ? 25 : std::atoi(asked);
}

}  // namespace

TEST_CASE("compiled devices made by hand do what the reference does") {
    std::mt19937_64 random(3);
    compare(dev::ir::small_uart(), random, 4000);
    compare(dev::ir::all_kinds(), random, 4000);
}

TEST_CASE("compiled devices of generated programs do what the reference does") {
    for (int i = 0; i < programs(); ++i) {
        CAPTURE(i);
        std::mt19937_64 random(static_cast<std::uint64_t>(i) + 100);
        const Program program = dev::ir::generated_program(random);
        compare(program, random, 1500);
    }
}
