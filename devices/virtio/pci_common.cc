#include "devices/virtio/pci_common.h"

namespace nyx::dev::virtio {
namespace {

using Part = Transport::Part;

std::uint16_t low16(std::uint32_t value) {
    return static_cast<std::uint16_t>(value);
}

template <Part part, bool high>
void set_address(Transport& t, std::uint32_t value) {
    t.set_queue_address(part, high, value);
}

template <std::uint64_t QueueState::* address, bool high>
std::uint64_t get_address(const Transport& t) {
    return (t.queue_state().*address) >> (high ? 32 : 0) & 0xFFFFFFFF;
}

constexpr CommonField kFields[] = {
    {0x00, 4, "device_feature_select",
     [](const Transport& t) { return std::uint64_t{t.state().device_features_select}; },
     [](Transport& t, std::uint32_t v) { t.select_device_features(v); }},
    {0x04, 4, "device_feature", [](const Transport& t) { return std::uint64_t{t.device_features()}; }, nullptr},
    {0x08, 4, "driver_feature_select",
     [](const Transport& t) { return std::uint64_t{t.state().driver_features_select}; },
     [](Transport& t, std::uint32_t v) { t.select_driver_features(v); }},
    {0x0C, 4, "driver_feature", [](const Transport& t) { return std::uint64_t{t.driver_features()}; },
     [](Transport& t, std::uint32_t v) { t.set_driver_features(v); }},
    {0x10, 2, "config_msix_vector", [](const Transport& t) { return std::uint64_t{t.state().config_vector}; },
     [](Transport& t, std::uint32_t v) { t.set_config_vector(low16(v)); }},
    {0x12, 2, "num_queues", [](const Transport& t) { return std::uint64_t{t.model().queue_sizes().size()}; }, nullptr},
    {0x14, 1, "device_status", [](const Transport& t) { return std::uint64_t{t.status()}; },
     [](Transport& t, std::uint32_t v) { t.set_status(static_cast<std::uint8_t>(v)); }},
    {0x15, 1, "config_generation", [](const Transport& t) { return std::uint64_t{t.generation()}; }, nullptr},
    {0x16, 2, "queue_select", [](const Transport& t) { return std::uint64_t{t.state().queue_select}; },
     [](Transport& t, std::uint32_t v) { t.select_queue(low16(v)); }},
    {0x18, 2, "queue_size", [](const Transport& t) { return std::uint64_t{t.queue_state().size}; },
     [](Transport& t, std::uint32_t v) { t.set_queue_size(low16(v)); }},
    {0x1A, 2, "queue_msix_vector", [](const Transport& t) { return std::uint64_t{t.queue_state().vector}; },
     [](Transport& t, std::uint32_t v) { t.set_queue_vector(low16(v)); }},
    {0x1C, 2, "queue_enable", [](const Transport& t) { return std::uint64_t{t.queue_state().ready}; },
     // §4.1.4.3.2: a driver does not write 0 here.
     [](Transport& t, std::uint32_t v) {
         if (v == 1) t.set_queue_ready(true);
     }},
    {0x1E, 2, "queue_notify_off", [](const Transport& t) { return std::uint64_t{t.state().queue_select}; }, nullptr},
    {0x20, 4, "queue_desc_low", get_address<&QueueState::descriptors, false>,
     set_address<Part::kDescriptorArea, false>},
    {0x24, 4, "queue_desc_high", get_address<&QueueState::descriptors, true>, set_address<Part::kDescriptorArea, true>},
    {0x28, 4, "queue_driver_low", get_address<&QueueState::driver, false>, set_address<Part::kDriverArea, false>},
    {0x2C, 4, "queue_driver_high", get_address<&QueueState::driver, true>, set_address<Part::kDriverArea, true>},
    {0x30, 4, "queue_device_low", get_address<&QueueState::device, false>, set_address<Part::kDeviceArea, false>},
    {0x34, 4, "queue_device_high", get_address<&QueueState::device, true>, set_address<Part::kDeviceArea, true>},
};

const CommonField* find(std::uint64_t offset, unsigned width) {
    for (const CommonField& field : kFields)
        if (field.offset == offset && field.width == width) return &field;
    return nullptr;
}

}  // namespace

std::span<const CommonField> common_fields() {
    return kFields;
}

std::uint64_t read_common(const Transport& transport, std::uint64_t offset, unsigned width) {
    const CommonField* field = find(offset, width);
    return field != nullptr ? field->read(transport) : 0;
}

void write_common(Transport& transport, std::uint64_t offset, unsigned width, std::uint64_t value) {
    const CommonField* field = find(offset, width);
    if (field != nullptr && field->write != nullptr) field->write(transport, static_cast<std::uint32_t>(value));
}

}  // namespace nyx::dev::virtio
