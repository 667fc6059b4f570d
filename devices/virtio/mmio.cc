#include "devices/virtio/mmio.h"

#include <algorithm>
#include <array>

#include "devices/kit/register_table.h"
#include "runtime/base/bytes.h"

namespace nyx::dev::virtio {
namespace {

using Part = Transport::Part;

// One 32-bit register (§4.2.2, table 4.1): what a read gives and a write does; null: it cannot be done.
struct MmioRegister {
    std::uint64_t offset;
    std::string_view name;
    std::uint32_t (*read)(const Transport& t);
    void (*write)(Transport& t, std::uint32_t value);
};

template <Part part, bool high>
void set_address(Transport& t, std::uint32_t value) {
    t.set_queue_address(part, high, value);
}

// There is no shared memory region, whichever is selected: its length and base are all ones.
std::uint32_t no_shared_memory(const Transport&) {
    return 0xFFFFFFFF;
}

constexpr MmioRegister kRegisters[] = {
    {0x000, "magic_value", [](const Transport&) { return mmio::kMagic; }, nullptr},
    {0x004, "version", [](const Transport&) { return mmio::kVersion; }, nullptr},
    {0x008, "device_id", [](const Transport& t) { return static_cast<std::uint32_t>(t.model().id()); }, nullptr},
    {0x00C, "vendor_id", [](const Transport&) { return mmio::kVendor; }, nullptr},
    {0x010, "device_features", [](const Transport& t) { return t.device_features(); }, nullptr},
    {0x014, "device_features_sel", nullptr, [](Transport& t, std::uint32_t v) { t.select_device_features(v); }},
    {0x020, "driver_features", nullptr, [](Transport& t, std::uint32_t v) { t.set_driver_features(v); }},
    {0x024, "driver_features_sel", nullptr, [](Transport& t, std::uint32_t v) { t.select_driver_features(v); }},
    {0x030, "queue_sel", nullptr,
     [](Transport& t, std::uint32_t v) { t.select_queue(static_cast<std::uint16_t>(v > 0xFFFF ? 0xFFFF : v)); }},
    {0x034, "queue_num_max", [](const Transport& t) { return std::uint32_t{t.max_queue_size()}; }, nullptr},
    {0x038, "queue_num", nullptr,
     [](Transport& t, std::uint32_t v) { t.set_queue_size(static_cast<std::uint16_t>(v > 0xFFFF ? 0 : v)); }},
    {0x044, "queue_ready", [](const Transport& t) { return std::uint32_t{t.queue_state().ready}; },
     [](Transport& t, std::uint32_t v) { t.set_queue_ready((v & 1) != 0); }},
    {mmio::kNotify, "queue_notify", nullptr, [](Transport& t, std::uint32_t v) { t.notify(v); }},
    {0x060, "interrupt_status", [](const Transport& t) { return std::uint32_t{t.isr()}; }, nullptr},
    {0x064, "interrupt_ack", nullptr,
     [](Transport& t, std::uint32_t v) { t.acknowledge(static_cast<std::uint8_t>(v & 3)); }},
    {0x070, "status", [](const Transport& t) { return std::uint32_t{t.status()}; },
     [](Transport& t, std::uint32_t v) { t.set_status(static_cast<std::uint8_t>(v)); }},
    {0x080, "queue_desc_low", nullptr, set_address<Part::kDescriptorArea, false>},
    {0x084, "queue_desc_high", nullptr, set_address<Part::kDescriptorArea, true>},
    {0x090, "queue_driver_low", nullptr, set_address<Part::kDriverArea, false>},
    {0x094, "queue_driver_high", nullptr, set_address<Part::kDriverArea, true>},
    {0x0A0, "queue_device_low", nullptr, set_address<Part::kDeviceArea, false>},
    {0x0A4, "queue_device_high", nullptr, set_address<Part::kDeviceArea, true>},
    {0x0AC, "shm_sel", nullptr, [](Transport&, std::uint32_t) {}},
    {0x0B0, "shm_len_low", no_shared_memory, nullptr},
    {0x0B4, "shm_len_high", no_shared_memory, nullptr},
    {0x0B8, "shm_base_low", no_shared_memory, nullptr},
    {0x0BC, "shm_base_high", no_shared_memory, nullptr},
    {0x0FC, "config_generation", [](const Transport& t) { return std::uint32_t{t.generation()}; }, nullptr},
};

RegisterKind kind_of(bool readable, bool writable) {
    if (!writable) return RegisterKind::kReadOnly;
    return readable ? RegisterKind::kReadWrite : RegisterKind::kWriteOnly;
}

std::vector<Register> table_of(const Transport& transport) {
    std::vector<Register> table;
    for (const MmioRegister& one : kRegisters)
        table.push_back({one.name,
                         0,
                         one.offset,
                         4,
                         kind_of(one.read != nullptr, one.write != nullptr),
                         one.read != nullptr ? one.read(transport) : 0,
                         {}});
    for (const ConfigField& field : transport.model().config_fields())
        table.push_back({field.name,
                         0,
                         mmio::kConfig + field.offset,
                         field.width,
                         kind_of(true, field.writable),
                         transport.read_config(field.offset, field.width),
                         {}});
    return table;
}

constexpr std::size_t kWords = mmio::kConfig / 4;

// By the number of their word; null: there is none.
constexpr auto kByWord = [] {
    std::array<const MmioRegister*, kWords> all{};
    for (const MmioRegister& one : kRegisters) all[one.offset / 4] = &one;
    return all;
}();

std::uint32_t read_word(const Transport& transport, std::size_t word) {
    const MmioRegister* one = kByWord[word];
    return one != nullptr && one->read != nullptr ? one->read(transport) : 0;
}

ExitFree paths_of(const Transport& transport) {
    ExitFree paths;
    for (std::size_t queue = 0; queue < transport.model().queue_sizes().size(); ++queue)
        paths.doorbells.push_back({{0, mmio::kNotify, 4}, queue});
    paths.pages.push_back({0, 0});
    return paths;
}

}  // namespace

MmioDevice::MmioDevice(std::unique_ptr<Model> model, const Environment& environment)
    : line_(*environment.lines.front()),
      transport_(std::move(model), *environment.memory, [this](int) { follow(); }),
      registers_(table_of(transport_)),
      exit_free_(paths_of(transport_)) {}

void MmioDevice::follow() {
    if (changed_) changed_();
    line_.set(transport_.isr() != 0);
}

std::uint32_t MmioDevice::select(const Access& access, bool is_write) const {
    return find_register(registers_, access, is_write);
}

// Any part gives its bytes, as memory would: it may be memory that the guest reads.
std::uint64_t MmioDevice::bytes_at(std::uint64_t offset, unsigned width) const {
    if (offset >= mmio::kConfig) return transport_.read_config(offset - mmio::kConfig, width);
    std::uint64_t value = read_word(transport_, offset / 4) >> (8 * (offset % 4));
    for (unsigned have = 4 - offset % 4; have < width; have += 4)
        value |= bytes_at(offset + have, std::min(width - have, 4u)) << (8 * have);
    return value & width_mask(width);
}

// §4.2.2.2: registers are written whole; anything else does nothing.
void MmioDevice::write(const Access& access, std::uint64_t value) {
    if (access.offset >= mmio::kConfig) {
        transport_.write_config(access.offset - mmio::kConfig, access.width, value);
    } else if (access.width == 4 && access.offset % 4 == 0) {
        const MmioRegister* one = kByWord[access.offset / 4];
        if (one != nullptr && one->write != nullptr) one->write(transport_, static_cast<std::uint32_t>(value));
    }
    if (changed_) changed_();
}

std::optional<std::uint64_t> MmioDevice::look_at(std::uint32_t number, std::uint32_t) const {
    const Register& reg = registers_[number];
    if (reg.kind == RegisterKind::kWriteOnly) return std::nullopt;
    return bytes_at(reg.offset, reg.width);
}

void MmioDevice::fill_page(const ReadPage&, ReadPageBytes bytes) const {
    std::ranges::fill(bytes, std::uint8_t{0});
    for (std::size_t word = 0; word < kWords; ++word) store_le(&bytes[4 * word], read_word(transport_, word));
    for (const ConfigField& field : transport_.model().config_fields())
        for (std::uint32_t at = field.offset; at < field.offset + field.width; ++at)
            bytes[mmio::kConfig + at] = transport_.model().read_config(at);
}

}  // namespace nyx::dev::virtio
