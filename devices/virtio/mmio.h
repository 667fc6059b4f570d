// A virtio device behind MMIO registers, version 2 (VIRTIO 1.2 §4.2): the description's bank, then the configuration
// space, and a level interrupt.
//
// Its window is a page without effects of reading, so a hypervisor may show it to the guest, and notifications are
// doorbells: of a request, only the acknowledgement of its interrupt exits.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "devices/kit/device_type.h"
#include "devices/kit/exit_free.h"
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

class MmioDevice final : public Device, private ExitFreePaths {
  public:
    // environment.memory is there, and one line.
    MmioDevice(std::unique_ptr<Model> model, const Environment& environment);

    std::span<const Register> registers() const override { return registers_; }
    std::uint32_t select(const Access& access, bool is_write) const override;
    std::uint64_t read(const Access& access) override;
    void write(const Access& access, std::uint64_t value) override;
    void reset() override { transport_.reset(); }
    void settle() override { transport_.model().settle(); }
    void save(StateWriter& state) const override { transport_.save(state); }
    Status restore(StateReader& state) override { return transport_.restore(state); }
    std::optional<std::uint64_t> look_at(std::uint32_t reg, std::uint32_t index) const override;
    std::string_view state_name(std::uint32_t id) const override { return transport_.state_name(id); }
    ByteReceiver* byte_receiver() override { return transport_.model().byte_receiver(); }
    ExitFreePaths* exit_free_paths() override { return this; }

  private:
    const ExitFree& exit_free() const override { return exit_free_; }
    void fill_page(const ReadPage& page, ReadPageBytes bytes) const override;
    void on_change(std::function<void()> changed) override;

    Transport transport_;
    std::vector<Register> registers_;
    std::uint32_t config_from_ = 0;  // where those of the configuration space begin
    ExitFree exit_free_;
    std::function<void()> changed_;
};

}  // namespace nyx::dev::virtio
