// The transport as others see it: its registers as a table, what of them needs no exit, the configuration space.
#include <algorithm>

#include "devices/virtio/transport.h"
#include "runtime/base/bits.h"

namespace nyx::dev::virtio {

void Transport::list(Bank bank, std::uint64_t offset, std::vector<Register>& table) const {
    for (std::uint32_t number : numbers(bank)) {
        Register reg = registers_->registers()[number];
        reg.region = 0;
        reg.offset += offset;
        // The description's is of its own numbers, not of this model's.
        reg.reset = registers_->look_at(number, 0).value_or(reg.reset);
        table.push_back(reg);
    }
}

std::uint32_t Transport::select(Bank bank, std::uint64_t offset, unsigned width, bool is_write) const {
    const auto region = static_cast<std::uint32_t>(bank);
    if (offset + width > program_->banks[region].size) return kNoRegister;
    const std::uint32_t number = registers_->select({region, offset, static_cast<std::uint8_t>(width)}, is_write);
    const auto found = std::ranges::find(numbers(bank), number);
    return found == numbers(bank).end() ? kNoRegister : static_cast<std::uint32_t>(found - numbers(bank).begin());
}

std::optional<std::uint64_t> Transport::look_at(Bank bank, std::uint32_t reg, std::uint32_t index) const {
    return registers_->look_at(numbers(bank)[reg], index);
}

void Transport::list_config(std::uint64_t offset, std::vector<Register>& table) const {
    for (const ConfigField& field : model_->config_fields())
        table.push_back({field.name,
                         0,
                         offset + field.offset,
                         field.width,
                         field.writable ? RegisterKind::kReadWrite : RegisterKind::kReadOnly,
                         read_config(field.offset, field.width),
                         {}});
}

// A doorbell of a queue that is not there would take a descriptor of the host and do nothing.
ExitFree Transport::exit_free(Bank bank, std::uint64_t offset) const {
    const auto number = static_cast<std::uint32_t>(bank);
    const ExitFree& all = registers_->exit_free();
    ExitFree here;
    for (Doorbell bell : all.doorbells) {
        const std::uint64_t queue = bell.value.value_or(bell.access.offset / 4);
        if (bell.access.region != number || queue >= queues_.size()) continue;
        bell.access = {0, offset + bell.access.offset, bell.access.width};
        here.doorbells.push_back(bell);
    }
    for (const ReadPage& page : all.pages)
        if (page.region == number) here.pages.push_back({0, offset + page.offset});
    return here;
}

void Transport::fill_page(Bank bank, ReadPageBytes bytes) const {
    registers_->fill_page({static_cast<std::uint32_t>(bank), 0}, bytes);
}

const ConfigField* Transport::field_at(std::uint64_t offset) const {
    for (const ConfigField& field : model_->config_fields())
        if (offset >= field.offset && offset - field.offset < field.width) return &field;
    return nullptr;
}

std::uint64_t Transport::read_config(std::uint64_t offset, unsigned width) const {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i)
        if (field_at(offset + i) != nullptr)
            value |= std::uint64_t{model_->read_config(static_cast<std::uint32_t>(offset + i))} << (8 * i);
    return value;
}

void Transport::write_config(std::uint64_t offset, unsigned width, std::uint64_t value) {
    for (unsigned i = 0; i < width; ++i) {
        const ConfigField* field = field_at(offset + i);
        if (field != nullptr && field->writable)
            model_->write_config(static_cast<std::uint32_t>(offset + i), static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

}  // namespace nyx::dev::virtio
