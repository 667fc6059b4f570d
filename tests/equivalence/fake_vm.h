// A hypervisor that takes accesses of the guest without exits, as memory and queues of its own.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "devices/described/device.h"
#include "devices/kit/fakes.h"
#include "runtime/machine/exit_free_server.h"

namespace nyx::vm {

// Takes from a guest without exits what KVM would, in this process.
class FakeVm final : public hv::Vm, public hv::ExitFree, public hv::WriteQueue {
  public:
    static constexpr std::size_t kQueue = 16;  // so that it is often full

    Status map_memory(Range range, std::uint8_t* host, bool read_only) override {
        REQUIRE(read_only);
        pages_.push_back({range, host});
        return {};
    }
    Result<std::unique_ptr<hv::Vcpu>> create_vcpu(std::uint32_t, std::span<const hv::CpuidEntry>) override {
        return fail(ErrorCode::kUnsupported, "it has none");
    }
    Status set_irq(std::uint32_t, bool) override { return {}; }
    Status send_message(std::uint64_t, std::uint32_t) override { return {}; }
    hv::ExitFree* exit_free() override { return this; }

    Status add_doorbell(const hv::Doorbell& doorbell, int event) override {
        bells_.push_back({doorbell, event});
        return {};
    }
    Status queue_writes(Space space, Range range) override {
        zones_.push_back({space, range});
        return {};
    }
    std::function<void()> on_stop;  // what another vCPU does just before
    Status stop_queueing(Space space, Range range) override {
        if (on_stop) on_stop();
        const auto is_it = [&](const auto& zone) { return zone.first == space && zone.second == range; };
        REQUIRE(std::erase_if(zones_, is_it) == 1);
        return {};
    }
    hv::WriteQueue& queue() override { return *this; }
    Status add_level_input(std::uint32_t, int, int) override { return fail(ErrorCode::kUnsupported, "it has none"); }

    bool waits() const override { return !queued_.empty(); }
    void drain(const hv::ApplyQueued& apply) override {
        while (!queued_.empty()) {
            const Write& first = queued_.front();
            apply({first.space, first.address, {first.data.data(), first.size}});
            queued_.pop_front();
        }
    }

    // True: there was no exit.
    bool read(Space space, std::uint64_t address, std::span<std::uint8_t> data) const {
        for (const auto& [range, host] : pages_) {
            if (space != Space::kMmio || !range.contains(address) || address + data.size() > range.end()) continue;
            std::memcpy(data.data(), host + (address - range.base), data.size());
            return true;
        }
        return false;
    }
    bool write(Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
        std::uint64_t value = 0;
        std::memcpy(&value, data.data(), data.size());
        for (const auto& [bell, event] : bells_) {
            if (bell.space != space || bell.address != address || bell.width != data.size()) continue;
            if (bell.value && *bell.value != value) continue;
            const std::uint64_t one = 1;
            return ::write(event, &one, sizeof one) == sizeof one;
        }
        for (const auto& [zone_space, range] : zones_) {
            const bool lies_inside = range.contains(address) && address + data.size() <= range.end();
            if (zone_space != space || !lies_inside || queued_.size() == kQueue) continue;
            Write& queued = queued_.emplace_back(Write{space, address, data.size(), {}});
            std::ranges::copy(data, queued.data.begin());
            return true;
        }
        return false;
    }

  private:
    struct Write {
        Space space;
        std::uint64_t address;
        std::size_t size;
        std::array<std::uint8_t, 8> data;
    };
    std::vector<std::pair<Range, std::uint8_t*>> pages_;
    std::vector<std::pair<hv::Doorbell, int>> bells_;
    std::vector<std::pair<Space, Range>> zones_;
    std::deque<Write> queued_;
};

}  // namespace nyx::vm
