#include "devices/virtio/mmio.h"

#include "devices/kit/register_table.h"

namespace nyx::dev::virtio {

MmioDevice::MmioDevice(std::unique_ptr<Model> model, const Environment& environment)
    : transport_(std::move(model), environment, *environment.lines.front()),
      exit_free_(transport_.exit_free(Bank::kMmio, 0)) {
    transport_.list(Bank::kMmio, 0, registers_);
    config_from_ = static_cast<std::uint32_t>(registers_.size());
    transport_.list_config(mmio::kConfig, registers_);
}

std::uint32_t MmioDevice::select(const Access& access, bool is_write) const {
    if (access.offset >= mmio::kConfig) return find_register(registers_, access, is_write);
    return transport_.select(Bank::kMmio, access.offset, access.width, is_write);
}

std::optional<std::uint64_t> MmioDevice::look_at(std::uint32_t reg, std::uint32_t index) const {
    if (reg < config_from_) return transport_.look_at(Bank::kMmio, reg, index);
    return transport_.read_config(registers_[reg].offset - mmio::kConfig, registers_[reg].width);
}

std::uint64_t MmioDevice::read(const Access& access) {
    if (access.offset >= mmio::kConfig) return transport_.read_config(access.offset - mmio::kConfig, access.width);
    const std::uint64_t inside = mmio::kConfig - access.offset;
    std::uint64_t value = transport_.read(Bank::kMmio, access.offset, access.width);
    if (access.width > inside)
        value |= transport_.read_config(0, access.width - static_cast<unsigned>(inside)) << (8 * inside);
    return value;
}

void MmioDevice::write(const Access& access, std::uint64_t value) {
    if (access.offset < mmio::kConfig) return transport_.write(Bank::kMmio, access.offset, access.width, value);
    transport_.write_config(access.offset - mmio::kConfig, access.width, value);
    if (changed_) changed_();
}

void MmioDevice::fill_page(const ReadPage&, ReadPageBytes bytes) const {
    transport_.fill_page(Bank::kMmio, bytes);
    for (const ConfigField& field : transport_.model().config_fields())
        for (std::uint32_t at = field.offset; at < field.offset + field.width; ++at)
            bytes[mmio::kConfig + at] = transport_.model().read_config(at);
}

void MmioDevice::on_change(std::function<void()> changed) {
    changed_ = changed;
    transport_.on_change(std::move(changed));
}

}  // namespace nyx::dev::virtio
