// A device that is a class, on fakes.
#pragma once

#include <doctest/doctest.h>

#include "devices/ir/verify.h"
#include "devices/kit/fakes.h"
#include "devices/kit/saved_device.h"
#include "devices/scripted/scripted.h"
#include "run_script.h"

namespace nyx::test {

// What the library's Device has.
inline const std::string kDevice =
    "class Device {\n"
    "    irq_lines: map<int, bool> = {}\n"
    "    fn raise_irq(self, irq: int) { self.irq_lines[irq] = true }\n"
    "    fn lower_irq(self, irq: int) { self.irq_lines[irq] = false }\n"
    "    timers: map<string, any> = {}\n"
    "    sent: array<tuple> = []\n"
    "    requests: array<tuple> = []\n"
    "    wall_ns: int = 0\n"
    "    fn arm_timer(self, timer: string, after: any) { self.timers[timer] = after }\n"
    "    fn cancel_timer(self, timer: string) { self.timers.remove(timer) }\n"
    "    fn timer_runs(self, timer: string) -> bool { return timer in self.timers }\n"
    "    fn emit(self, sink: string, value: any) { self.sent.push((sink, value)) }\n"
    "    fn request(self, what: string, value: int = 0) { self.requests.push((what, value)) }\n"
    "    fn reset(self) { }\n"
    "    fn snapshot(self) -> map<string, any> { return {} }\n"
    "    fn restore(self, state: map<string, any>) { }\n"
    "}\n";

// A device of four ports at 0x500 and, in memory, 16 bytes at 0x1000; line 5.
struct Bench {
    explicit Bench(const std::string& body, const std::string& before = "")
        : ran(run_script(kDevice + before + "class Gadget extends Device {\n" + body + "\n}\n")) {
        REQUIRE(ran->finding(0) == "none");
        program.name = "gadget";
        program.script = {"Gadget", {"base", "window"}};
        program.banks = {{"ports", dev::ir::Space::kPio, 4}, {"memory", dev::ir::Space::kMmio, 16}};
        program.functions.push_back({"level", 0, 1, true, {{dev::ir::Op::kConstant, 1, 0}, {dev::ir::Op::kReturn}}});
        program.lines = {{"irq", 0}};
        program.settings = {{"step", 8, 3}};
        REQUIRE(dev::ir::verify(program));
        plan = {"one", "gadget", {{0x500, 4}}, {{0x1000, 16}}, {5}, {}};
    }

    Result<std::unique_ptr<dev::Device>> make() {
        dev::Environment environment{pointers, clock, timers, control, output};
        environment.input_room = [this] { ++rooms; };
        return dev::scripted::Scripted::create(program, plan, ran->program.code, environment);
    }
    dev::Device& device() {
        if (made == nullptr) {
            auto created = make();
            REQUIRE(created);
            made = std::move(*created);
        }
        return *made;
    }
    std::uint64_t read(std::uint64_t port, std::uint8_t width = 1) { return device().read({0, port, width}); }
    void write(std::uint64_t port, std::uint64_t value, std::uint8_t width = 1) {
        device().write({0, port, width}, value);
    }

    dev::StateUnit save() { return dev::save_device("one", "gadget", device()); }
    Status restore(const dev::StateUnit& unit) { return dev::restore_device("one", "gadget", device(), unit); }
    // Empty: it is not saved.
    std::string text_of(const dev::StateUnit& unit, std::string_view name) {
        for (const dev::StateField& field : unit.fields)
            if (device().state_name(field.id) == name) return device().state_text(field);
        return {};
    }

    std::unique_ptr<Ran> ran;
    dev::ir::Program program;
    plan::DevicePlan plan;
    dev::FakeIrqLine line;
    dev::IrqLine* pointers[1] = {&line};
    dev::FakeClock clock;
    dev::FakeTimers timers{clock};
    dev::FakeControl control;
    dev::VectorSink output;
    int rooms = 0;  // how often it said that it takes input again
    std::unique_ptr<dev::Device> made;
};

}  // namespace nyx::test
