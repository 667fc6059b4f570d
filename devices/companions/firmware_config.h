// The files of a fw_cfg (stdlib/devices), and the guest's memory that it reaches by itself.
//
// Holds nothing that outlives an operation: what is selected, and where in it the next byte is, the device knows.
#pragma once

#include "devices/companions/companion.h"
#include "runtime/plan/fw_cfg_files.h"

namespace nyx::dev::companions {

class FirmwareConfig final : public Companion {
  public:
    explicit FirmwareConfig(const Environment& environment) : image_(environment.files), memory_(environment.memory) {}
    Status join(described::Described& device) override;
    void take(std::uint32_t sink, std::uint64_t value) override;
    std::uint64_t reply(std::uint32_t query, std::uint64_t about) override;

  private:
    std::uint64_t byte_at(std::uint64_t place) const;
    std::uint64_t word_at(std::uint64_t address) const;
    bool copy(std::uint64_t length) const;
    void store(std::uint32_t word) const;

    ByteView image_;
    const GuestDma* memory_;
    plan::FwCfgItems items_;
    struct Ports {
        std::uint32_t from = 0, own = 0, to = 0, store = 0;  // sinks
        std::uint32_t byte = 0, word = 0, copy = 0;          // queries
    };
    Ports ports_;
    // Of the operation: the key and the first byte, what the device has itself of that item, where it goes to.
    std::uint64_t from_ = 0, own_ = 0, to_ = 0;
};

}  // namespace nyx::dev::companions
