#include "devices/described/exit_free.h"

#include <algorithm>
#include <array>

#include "devices/described/device.h"
#include "devices/ir/effects.h"
#include "devices/ir/service.h"
#include "runtime/base/bytes.h"

namespace nyx::dev::described {

namespace {

std::uint64_t offset_of(const ir::Register& reg, std::uint32_t index) {
    return reg.offset + std::uint64_t{index} * reg.stride;
}

void add_doorbells(const ir::Register& reg, const ir::Served& write, ExitFree& all) {
    const Access access{reg.bank, reg.offset, reg.width};
    if (write.values.empty()) all.doorbells.push_back({access, std::nullopt});
    for (std::uint64_t value : write.values) all.doorbells.push_back({access, value});
}

// Registers whose writes change one of the bits.
std::vector<RegionBytes> deciders(const ir::Program& program, std::span<const ir::ModeBit> bits) {
    std::vector<RegionBytes> all;
    for (const ir::Register& reg : program.registers) {
        const ir::Effects effects = ir::effects_of_write(program, reg);
        const bool decides =
            reg.writable && std::ranges::any_of(bits, [&](auto& bit) { return effects.writes.contains(bit.field); });
        if (decides) all.push_back({reg.bank, reg.offset, offset_of(reg, reg.count - 1) + reg.width - reg.offset});
    }
    return all;
}

void add_queued(const ir::Program& program, const ir::Register& reg, const ir::Served& write, ExitFreeOf& to) {
    const auto add = [&](std::uint64_t offset, std::uint64_t size) {
        to.all.queued.push_back({reg.bank, offset, size, write.sends, deciders(program, write.bits)});
        to.conditions.push_back(write.bits);
    };
    if (reg.stride == reg.width) return add(reg.offset, std::uint64_t{reg.width} * reg.count);
    for (std::uint32_t k = 0; k < reg.count; ++k) add(offset_of(reg, k), reg.width);
}

}  // namespace

ExitFreeOf exit_free_of(const ir::Program& program, bool to_terminal) {
    const std::vector<ir::RegisterService> services = ir::services_of(program);
    ExitFreeOf of;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const ir::Register& reg = program.registers[i];
        const ir::Served& write = services[i].write;
        if (write.service == ir::Service::kDoorbell) add_doorbells(reg, write, of.all);
        const bool may_wait = write.service == ir::Service::kCoalesced || write.service == ir::Service::kCoalescedWhile;
        if (may_wait && (to_terminal || !write.sends)) add_queued(program, reg, write, of);
    }
    for (std::uint32_t bank = 0; bank < program.banks.size(); ++bank)
        for (std::uint32_t page : ir::read_only_pages(program, bank, services)) of.all.pages.push_back({bank, page});
    return of;
}

const ExitFree& Described::exit_free() const {
    if (!exit_free_) {
        ExitFreeOf free = exit_free_of(program_, outlets_ == nullptr);
        exit_free_ = std::move(free.all);
        conditions_ = std::move(free.conditions);
    }
    return *exit_free_;
}

bool Described::may_queue(std::size_t which) const {
    exit_free();
    return std::ranges::all_of(conditions_[which], [&](const ir::ModeBit& bit) {
        return (state_.get(bit.field) >> bit.bit & 1) == (bit.value ? 1u : 0u);
    });
}

void Described::fill_page(const ReadPage& page, ReadPageBytes bytes) const {
    std::ranges::fill(bytes, static_cast<std::uint8_t>(gap_value(page.region)));
    // From the last to the first: where several share bytes, the first that is there answers.
    for (std::size_t i = program_.registers.size(); i-- > 0;) {
        const ir::Register& reg = program_.registers[i];
        const bool is_here =
            reg.bank == page.region && reg.readable && reg.offset / kReadPageSize * kReadPageSize == page.offset;
        if (!is_here || !holds(reg.guard)) continue;
        for (std::uint32_t k = 0; k < reg.count; ++k) {
            std::array<std::uint8_t, 8> value{};
            store_le(value.data(), *look_at(static_cast<std::uint32_t>(i), k));
            std::copy_n(value.begin(), reg.width,
                        bytes.begin() + static_cast<std::ptrdiff_t>(offset_of(reg, k) - page.offset));
        }
    }
}

std::vector<RegisterField> Described::fields_of(std::uint32_t reg) const {
    std::vector<RegisterField> fields;
    for (const ir::Field& field : program_.registers[reg].fields) fields.push_back({field.name, field.high, field.low});
    return fields;
}

std::string_view Described::state_name(std::uint32_t id) const {
    const auto field = std::ranges::find(program_.state, id, &ir::StateField::id);
    return field == program_.state.end() ? std::string_view{} : field->name;
}

std::optional<std::uint64_t> Described::look_at(std::uint32_t number, std::uint32_t index) const {
    const ir::Register& reg = program_.registers[number];
    const std::uint64_t all = ir::low_bits(8u * reg.width);
    if (reg.on_read == ir::kNone) return peek(number, index) & all;
    if (!ir::effects_of(program_.functions[reg.on_read]).is_pure()) return std::nullopt;
    return call(reg.on_read, {index}) & all;
}

}  // namespace nyx::dev::described
