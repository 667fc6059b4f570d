// Generated exit code decodes every access as the definition below does: the region that holds all of it, or none.
#include <doctest/doctest.h>

#include <random>
#include <tuple>

#include "compiler/codegen/exit_code.h"
#include "runtime/jit/exit_code.h"

using namespace nyx;
using plan::Space;

namespace {

// What an access reached: a device's region, or "other" with its address.
struct Seen {
    bool is_write = false;
    bool other = false;
    std::uint64_t device_or_space = 0;
    std::uint64_t region = 0;
    std::uint64_t offset_or_address = 0;
    std::uint32_t width = 0;
    std::uint64_t value = 0;
    bool operator==(const Seen&) const = default;
};

constexpr std::uint64_t kDeviceValue = 0x1122334455667788;
constexpr std::uint64_t kOtherValue = 0xFFFFFFFFFFFFFFFF;

struct Call : plan::ExitCaller {
    Seen seen;
};

Seen& seen_by(plan::ExitCaller* caller) {
    return static_cast<Call*>(caller)->seen;
}

plan::ExitHost recorder() {
    return {[](plan::ExitCaller* caller, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
               std::uint32_t width) {
                seen_by(caller) = {false, false, device, region, offset, width, 0};
                return kDeviceValue;
            },
            [](plan::ExitCaller* caller, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
               std::uint32_t width,
               std::uint64_t value) { seen_by(caller) = {true, false, device, region, offset, width, value}; },
            [](plan::ExitCaller* caller, Space space, std::uint64_t address, std::uint32_t width) {
                seen_by(caller) = {false, true, static_cast<std::uint64_t>(space), 0, address, width, 0};
                return kOtherValue;
            },
            [](plan::ExitCaller* caller, Space space, std::uint64_t address, std::uint32_t width, std::uint64_t value) {
                seen_by(caller) = {true, true, static_cast<std::uint64_t>(space), 0, address, width, value};
            },
            nullptr,
            nullptr,
            nullptr,
            nullptr};
}

// The definition: a linear scan.
Seen expected(const plan::MachinePlan& plan, Space space, bool is_write, std::uint64_t address, std::uint32_t width,
              std::uint64_t value) {
    for (std::uint32_t d = 0; d < plan.devices.size(); ++d) {
        const auto& device = plan.devices[d];
        const auto& ranges = space == Space::kPio ? device.pio : device.mmio;
        for (std::uint32_t r = 0; r < ranges.size(); ++r) {
            std::uint64_t last = address + width - 1;
            if (last < address || !ranges[r].contains(address) || !ranges[r].contains(last)) continue;
            std::uint64_t region = r + (space == Space::kPio ? 0 : device.pio.size());
            return {is_write, false, d, region, address - ranges[r].base, width, is_write ? value : 0};
        }
    }
    return {is_write, true, static_cast<std::uint64_t>(space), 0, address, width, is_write ? value : 0};
}

void compare(const plan::MachinePlan& plan, const jit::ExitCode& code, Space space, std::uint64_t address,
             std::uint32_t width) {
    static const plan::ExitHost host = recorder();
    Call call;
    const plan::ExitFunctions& functions = code.functions();
    std::uint64_t value =
        (space == Space::kPio ? functions.pio_read : functions.mmio_read)(&host, &call, address, width);
    Seen want = expected(plan, space, false, address, width, 0);
    REQUIRE(call.seen == want);
    REQUIRE(value == (want.other ? kOtherValue : kDeviceValue));
    (space == Space::kPio ? functions.pio_write : functions.mmio_write)(&host, &call, address, width, address ^ 0x5A);
    REQUIRE(call.seen == expected(plan, space, true, address, width, address ^ 0x5A));
}

plan::MachinePlan example_plan() {
    plan::MachinePlan plan;
    plan.name = "example";
    plan.devices = {{"a", "t", {{0x3F8, 8}}, {}, {}, {}},
                    {"b", "t", {{0x70, 2}, {0xCF9, 1}}, {{0xFED00000, 0x1000}}, {}, {}},
                    {"c", "t", {}, {{0xD0000000, 0x100}, {0xD0000100, 0x100}}, {}, {}},
                    {"d", "t", {{0xFFFF, 1}, {0, 1}}, {{0xFFFFFFFFFFFFF000, 0xFFF}}, {}, {}}};
    return plan;
}

std::unique_ptr<jit::ExitCode> compile(const plan::MachinePlan& plan) {
    auto object = codegen::exit_object({plan, {}}, plan::kCodeLevels[0]);
    REQUIRE(object);
    auto code = jit::ExitCode::link(*object);
    REQUIRE_MESSAGE(code.has_value(), (code ? "" : code.error().text()));
    return std::move(*code);
}

}  // namespace

TEST_CASE("every port, every width") {
    plan::MachinePlan plan = example_plan();
    auto code = compile(plan);
    for (std::uint64_t port = 0; port <= 0xFFFF; ++port) {
        for (std::uint32_t width : {1u, 2u, 4u}) compare(plan, *code, Space::kPio, port, width);
    }
}

TEST_CASE("memory around every edge, and accesses that wrap") {
    plan::MachinePlan plan = example_plan();
    auto code = compile(plan);
    for (const auto& device : plan.devices) {
        for (Range range : device.mmio) {
            for (std::uint64_t around : {range.base, range.end()}) {
                for (std::uint64_t address = around - 16; address != around + 16; ++address) {
                    for (std::uint32_t width : {1u, 2u, 4u, 8u}) compare(plan, *code, Space::kMmio, address, width);
                }
            }
        }
    }
}

TEST_CASE("random plans, random accesses") {
    std::mt19937_64 random(20);
    for (int round = 0; round < 20; ++round) {
        plan::MachinePlan plan;
        std::uint64_t base = 0;
        for (int d = 0; d < 12; ++d) {
            plan::DevicePlan device;
            device.name = std::to_string(d);
            base += random() % 64;
            device.mmio.push_back({base, 1 + random() % 32});
            base = device.mmio.back().end();
            plan.devices.push_back(device);
        }
        auto code = compile(plan);
        for (int i = 0; i < 2000; ++i) compare(plan, *code, Space::kMmio, random() % (base + 8), 1u << (random() % 4));
    }
}

TEST_CASE("a plan without devices decodes nothing") {
    plan::MachinePlan plan;
    auto code = compile(plan);
    compare(plan, *code, Space::kPio, 0x80, 1);
    compare(plan, *code, Space::kMmio, 0xFEE00000, 4);
}

TEST_CASE("equal plans give equal objects, and the text forms name the functions") {
    const plan::MachinePlan plan = example_plan();
    CHECK(*codegen::exit_object({plan, {}}, plan::kCodeLevels[0]) ==
          *codegen::exit_object({plan, {}}, plan::kCodeLevels[0]));
    const std::string version = std::to_string(plan::kExitAbi);
    CHECK(codegen::exit_ir({plan, {}})->find("define i64 @nyx_" + version + "_pio_read") != std::string::npos);
    CHECK(codegen::exit_assembly({plan, {}})->find("nyx_" + version + "_mmio_write:") != std::string::npos);
}

TEST_CASE("a damaged or foreign object is refused") {
    const plan::MachinePlan plan = example_plan();
    Bytes object = *codegen::exit_object({plan, {}}, plan::kCodeLevels[0]);
    CHECK(!jit::ExitCode::link({}));
    CHECK(!jit::ExitCode::link(as_bytes("not an object at all, but long enough to hold an ELF header: 0123456789")));
    for (std::size_t size : {std::size_t{16}, std::size_t{63}, std::size_t{64}}) {
        CHECK(!jit::ExitCode::link(ByteView(object).first(size)));
    }
    Bytes foreign = object;
    foreign[18] = 183;  // EM_AARCH64
    CHECK(!jit::ExitCode::link(foreign));
}

TEST_CASE("no change of a byte of the file's own structure does harm") {
    const plan::MachinePlan plan = example_plan();
    const Bytes object = *codegen::exit_object({plan, {}}, plan::kCodeLevels[0]);
    std::mt19937_64 random(21);
    int refused = 0;
    for (int i = 0; i < 20000; ++i) {
        Bytes changed = object;
        const int changes = 1 + static_cast<int>(random() % 4);
        for (int k = 0; k < changes; ++k) changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
        if (random() % 8 == 0) changed.resize(random() % changed.size());
        if (!jit::ExitCode::link(changed)) ++refused;  // and what is linked is not run
    }
    CHECK(refused > 1000);
}
