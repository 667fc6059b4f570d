#include "compiler/device/compile.h"

#include <fmt/format.h>

#include "compiler/device/compiler_steps.h"
#include "compiler/device/nowhere.h"
#include "devices/ir/service.h"
#include "devices/ir/verify.h"

namespace nyx::device {

using dev::ir::kNone;

namespace {

// What reads give after a reset.
void fill_resets(dev::ir::Program& program) {
    dev::described::State state(program);
    Nowhere nowhere;
    dev::described::Interpreter interpreter(program, state, nowhere);
    if (program.on_power_on != kNone) interpreter.call(program.on_power_on);
    if (program.on_reset != kNone) interpreter.call(program.on_reset);
    const dev::described::State fresh = state;
    for (dev::ir::Register& reg : program.registers) {
        if (!reg.readable) continue;
        const std::uint64_t first[] = {0, 0, reg.width};  // the element, and all of it
        const auto arguments = std::span(first).first(reg.by_parts ? 3 : 1);
        std::uint64_t value = reg.storage == kNone ? 0 : state.get(reg.storage);
        value = (value & ~reg.fixed_mask) | reg.fixed;
        if (reg.computed != kNone)
            value = (value & ~reg.computed_mask) | (interpreter.call(reg.computed, arguments) & reg.computed_mask);
        if (reg.on_read != kNone) value = interpreter.call(reg.on_read, arguments);
        reg.reset = value & dev::ir::low_bits(reg.width * 8u);
        state = fresh;
    }
}

// `@expect(class)`: of reads for const-read, of writes for all others.
void check_promises(const Declared& device) {
    for (std::size_t i = 0; i < device.program.registers.size(); ++i) {
        const dev::ir::Register& reg = device.program.registers[i];
        const auto& promise = device.registers[i].promise;
        if (!promise) continue;
        const bool of_reads = reg.promise == dev::ir::Service::kConstRead;
        const dev::ir::Served verdict =
            of_reads ? dev::ir::served_read(device.program, reg) : dev::ir::served_write(device.program, reg);
        if (verdict.service <= reg.promise) continue;
        device.report(diagnostics::Code::kPromiseBroken, promise->span,
                      fmt::format("`{}` is served as {}, and {} was promised", reg.name,
                                  dev::ir::service_name(verdict.service), promise->text),
                      verdict.reason);
    }
}

}  // namespace

std::optional<CompiledDevice> compile(const ast::DeviceDecl& node, const Known& known, const source::SourceMap& sources,
                                      diagnostics::Sink& sink, const LockedDevice* before) {
    const std::size_t errors = sink.error_count();
    const bool has_history = before == nullptr || before->version != 0;
    if (!has_history) before = nullptr;
    const std::unique_ptr<Declared> device = declare(node, known, sources, sink);
    if (sink.error_count() == errors) assign_ids(*device, before);
    lower(*device);
    if (has_history && sink.error_count() == errors) lower_migrations(*device, before);
    if (sink.error_count() == errors) check_overlaps(*device);
    CompiledDevice made;
    made.with_tests = device->program;
    made.tests = lower_tests(*device, made.with_tests, before);
    if (sink.error_count() != errors) return std::nullopt;
    const Status good = dev::ir::verify(device->program);
    if (!good) {
        // Too much of something, which no other check has counted.
        sink.report(diagnostics::Code::kDeviceItem, node.name.span, good.error().message);
        return std::nullopt;
    }
    check_promises(*device);
    if (sink.error_count() != errors) return std::nullopt;
    fill_resets(device->program);
    made.program = std::move(device->program);
    for (std::size_t i = 0; i < made.program.registers.size(); ++i)
        made.with_tests.registers[i].reset = made.program.registers[i].reset;
    made.native = device->native;
    made.where = node.name.span;
    made.script = device->script;
    return made;
}

}  // namespace nyx::device
