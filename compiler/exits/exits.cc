#include "compiler/exits/exits.h"

#include "devices/catalog.h"
#include "devices/kit/exit_free.h"
#include "devices/kit/fakes.h"

namespace nyx::exits {

using dev::ir::Program;
using dev::ir::Served;
using dev::ir::Service;

namespace {

// What a device that is only asked for its registers lives on.
struct Bench {
    explicit Bench(std::size_t line_count) : made(line_count) {
        for (dev::FakeIrqLine& line : made) lines.push_back(&line);
    }
    std::vector<dev::FakeIrqLine> made;
    std::vector<dev::IrqLine*> lines;
    dev::FakeClock clock;
    dev::FakeTimers timers{clock};
    dev::FakeControl control;
    dev::VectorSink output;
    dev::GuestMemory memory;
    dev::GuestDma dma{memory};
    dev::Environment environment() {
        dev::Environment all{lines, clock, timers, control, output};
        all.memory = &dma;
        return all;
    }
};

struct Region {
    bool is_port = false;
    Range range;
};

std::vector<Region> regions_of(const plan::DevicePlan& device) {
    std::vector<Region> regions;
    for (Range range : device.pio) regions.push_back({true, range});
    for (Range range : device.mmio) regions.push_back({false, range});
    return regions;
}

Direction direction(bool exists, Served served) {
    const bool exits = served.service > Service::kCoalescedWhile;
    return {exists, std::move(served), exits ? 1u : 0u};
}

Row row_of(const dev::Register& reg, const Region& region) {
    Row row;
    row.reg = reg.name;
    row.when = reg.when;
    row.is_port = region.is_port;
    row.address = region.range.base + reg.offset;
    row.count = reg.count;
    return row;
}

bool is_readable(const dev::Register& reg) {
    return reg.kind != dev::RegisterKind::kWriteOnly;
}
bool is_writable(const dev::Register& reg) {
    return reg.kind != dev::RegisterKind::kReadOnly;
}

// What a C++ class says for itself.
Served declared_read(const dev::Register& reg, const dev::ExitFree& free) {
    for (const dev::ReadPage& page : free.pages)
        if (page.region == reg.region && Range{page.offset, dev::kReadPageSize}.contains(reg.offset))
            return {Service::kConstRead, {}, {}};
    return {Service::kTable, "a C++ class", {}};
}

// The register's, or an element of it.
bool is_of(const dev::Access& access, const dev::Register& reg) {
    const bool is_inside =
        access.region == reg.region && Range{reg.offset, std::uint64_t{reg.count} * reg.stride}.contains(access.offset);
    return is_inside && (access.offset - reg.offset) % reg.stride == 0;
}

Served declared_write(const dev::Register& reg, const dev::ExitFree& free) {
    Served served{Service::kTable, "a C++ class", {}};
    for (const dev::Doorbell& bell : free.doorbells) {
        if (!is_of(bell.access, reg)) continue;
        served = {Service::kDoorbell, {}, std::move(served.values)};
        if (bell.value) served.values.push_back(*bell.value);
    }
    for (const dev::QueuedWrites& queued : free.queued)
        if (queued.region == reg.region && Range{queued.offset, queued.size}.contains(reg.offset))
            served = {Service::kCoalesced, {}, {}};
    return served;
}

// A page of the guest's memory can only stand at a page's boundary.
Served placed(Served read, const Region& region) {
    if (read.service == Service::kConstRead && region.range.base % dev::ir::kPageSize != 0)
        return {Service::kNative, "its region does not begin at a page's boundary", {}};
    return read;
}

std::vector<Row> rows_of(const plan::DevicePlan& plan, dev::Device& device, const Program* program) {
    std::vector<dev::ir::RegisterService> services;
    if (program != nullptr) services = dev::ir::services_of(*program);
    const dev::ExitFreePaths* paths = device.exit_free_paths();
    const dev::ExitFree free = paths != nullptr ? paths->exit_free() : dev::ExitFree{};
    const std::vector<Region> regions = regions_of(plan);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < device.registers().size(); ++i) {
        const dev::Register& reg = device.registers()[i];
        const Region& region = regions[reg.region];
        Row row = row_of(reg, region);
        Served read = program != nullptr ? services[i].read : declared_read(reg, free);
        Served write = program != nullptr ? services[i].write : declared_write(reg, free);
        row.read = direction(is_readable(reg), placed(std::move(read), region));
        row.write = direction(is_writable(reg), std::move(write));
        if (program != nullptr) row.write.condition = dev::ir::text_of(*program, row.write.served.bits);
        rows.push_back(std::move(row));
    }
    return rows;
}

// Each access is a call of the class.
std::vector<Row> rows_of_class(const plan::DevicePlan& plan, const Program& program) {
    const std::vector<Region> regions = regions_of(plan);
    const Served served{Service::kTable, fmt::format("a call of class {}", program.script.name), {}};
    std::vector<Row> rows;
    for (std::size_t i = 0; i < program.banks.size() && i < regions.size(); ++i) {
        Row& row = rows.emplace_back();
        row.reg = program.banks[i].name;
        row.is_port = regions[i].is_port;
        row.address = regions[i].range.base;
        row.count = program.banks[i].size;
        row.read = row.write = direction(true, served);
    }
    return rows;
}

}  // namespace

std::vector<DeviceExits> predict(const plan::MachinePlan& plan, std::span<const Program> programs) {
    std::vector<DeviceExits> all;
    for (const plan::DevicePlan& device : plan.devices) {
        DeviceExits& exits = all.emplace_back(DeviceExits{device.name, device.type, {}, {}});
        const Program* program = dev::program_of(device.type, programs);
        if (program != nullptr && !program->script.name.empty()) {
            exits.rows = rows_of_class(device, *program);
            continue;
        }
        Bench bench(device.gsis.size());
        auto made = dev::create(device, bench.environment(), programs);
        if (made)
            exits.rows = rows_of(device, **made, program);
        else
            exits.unknown = made.error().message;
    }
    return all;
}

}  // namespace nyx::exits
