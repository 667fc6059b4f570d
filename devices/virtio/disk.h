// The block device (VIRTIO 1.2 §5.2): one queue, whose requests a BlockStore does, in any order and while the guest
// runs.
//
// A request is checked against the capacity before the store sees it. What the host refuses ends as VIRTIO_BLK_S_IOERR.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "devices/kit/block_store.h"
#include "devices/kit/host_events.h"
#include "devices/virtio/model.h"
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {

class Disk final : public Model {
  public:
    struct Config {
        bool read_only = false;
        std::uint32_t block_size = 512;  // bytes: 512 or 4096
        std::string serial;              // at most 20 bytes
    };
    // store: null for a disk of no sectors; events: null when the store finishes by itself. Both outlive this.
    Disk(const Config& config, BlockStore* store, HostEvents* events);
    ~Disk() override;

    DeviceId id() const override { return DeviceId::kBlock; }
    std::uint64_t features() const override;
    std::span<const std::uint16_t> queue_sizes() const override;
    std::span<const ConfigField> config_fields() const override;
    std::uint8_t read_config(std::uint32_t offset) const override { return config_space_[offset]; }
    void notified(std::uint16_t index) override;
    void settle() override;
    void stop() override;

  private:
    void serve(Chain chain);
    // Gives it back with its status; written: bytes of data.
    void finish(const Chain& chain, std::uint8_t status, std::uint32_t written);
    void transfer(Chain chain, BlockRequest::Kind kind, std::uint64_t sector, Pieces data);
    void flush(Chain chain);
    void erase(Chain chain, BlockRequest::Kind kind, const Pieces& data);
    void get_id(const Chain& chain, Pieces data);
    void submit(BlockRequest request, Chain chain, std::uint32_t written);
    bool inside(std::uint64_t sector, std::uint64_t sectors) const;

    const bool read_only_;
    const std::uint64_t sectors_;  // of 512 bytes
    std::string serial_;
    BlockStore* store_;
    std::unique_ptr<HostEvents::Watch> watch_;
    bool stopping_ = false;  // results are thrown away
    std::array<std::uint8_t, 60> config_space_{};
};

}  // namespace nyx::dev::virtio
