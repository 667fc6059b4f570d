// The surroundings as a CPU reaches them while it runs.
//
// Guest floating point sets the flags of the host's MXCSR, and they stay there until somebody wants the guest's
// (exec/vector/mxcsr.h); devices may use floating point too. So the guest's are put away before every call out. Wide
// accesses without memory behind them go out in pieces of eight bytes.
#pragma once

#include <immintrin.h>

#include <algorithm>

#include "runtime/soft/state.h"
#include "runtime/soft/surroundings.h"

namespace nyx::soft {

// The host's MXCSR between two instructions of the guest: the default, and flags of the guest's own.
inline constexpr std::uint32_t kHostMxcsr = 0x1F80, kMxcsrFlags = 0x3F;

inline void collect_mxcsr(VectorState& vector) {
    vector.mxcsr |= _mm_getcsr() & kMxcsrFlags;
}

class Outside final : public Surroundings {
  public:
    Outside(Surroundings& real, VectorState& vector) : real_(real), vector_(vector) {}

    // For as long as the CPU runs, the flags in the host's MXCSR are the guest's.
    class Session {
      public:
        explicit Session(Outside& outside) : outside_(outside), host_(_mm_getcsr()) {
            outside_.is_running_ = true;
            _mm_setcsr(kHostMxcsr);
            asm volatile("fninit");  // exec/x87 starts from no flags
        }
        ~Session() {
            collect_mxcsr(outside_.vector_);
            outside_.is_running_ = false;
            _mm_setcsr(host_);
        }
        Session(const Session&) = delete;
        Session& operator=(const Session&) = delete;

      private:
        Outside& outside_;
        std::uint32_t host_;
    };

    void read_port(std::uint16_t port, std::span<std::uint8_t> data) override {
        Away away(*this);
        real_.read_port(port, data);
    }
    void write_port(std::uint16_t port, std::span<const std::uint8_t> data) override {
        Away away(*this);
        real_.write_port(port, data);
    }
    void read_mmio(std::uint64_t address, std::span<std::uint8_t> data) override {
        Away away(*this);
        for (std::size_t at = 0; at < data.size(); at += kWidest)
            real_.read_mmio(address + at, data.subspan(at, std::min(kWidest, data.size() - at)));
    }
    void write_mmio(std::uint64_t address, std::span<const std::uint8_t> data) override {
        Away away(*this);
        for (std::size_t at = 0; at < data.size(); at += kWidest)
            real_.write_mmio(address + at, data.subspan(at, std::min(kWidest, data.size() - at)));
    }
    std::optional<std::uint8_t> acknowledge_interrupt() override {
        Away away(*this);
        return real_.acknowledge_interrupt();
    }
    std::uint64_t task_priority() override {
        Away away(*this);
        return real_.task_priority();
    }
    void set_task_priority(std::uint64_t priority) override {
        Away away(*this);
        real_.set_task_priority(priority);
    }
    std::optional<std::uint64_t> read_apic_msr(std::uint32_t index) override {
        Away away(*this);
        return real_.read_apic_msr(index);
    }
    bool write_apic_msr(std::uint32_t index, std::uint64_t value) override {
        Away away(*this);
        return real_.write_apic_msr(index, value);
    }
    std::uint64_t random() override {
        Away away(*this);
        return real_.random();
    }
    std::uint64_t tsc() override {
        Away away(*this);
        return real_.tsc();
    }

  private:
    static constexpr std::size_t kWidest = 8;

    struct Away {
        explicit Away(Outside& outside) : outside_(outside) {
            if (outside_.is_running_) collect_mxcsr(outside_.vector_);
        }
        ~Away() {
            if (outside_.is_running_) _mm_setcsr(kHostMxcsr);
        }
        Away(const Away&) = delete;
        Away& operator=(const Away&) = delete;

      private:
        Outside& outside_;
    };

    Surroundings& real_;
    VectorState& vector_;
    bool is_running_ = false;
};

}  // namespace nyx::soft
