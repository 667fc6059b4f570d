// The same code with the same state on this machine's processor and on a soft::Cpu, and what is different afterwards.
#pragma once

#include <optional>
#include <string>

#include "host_runner.h"
#include "soft_runner.h"

namespace nyx::soft {

class Comparison {
  public:
    // undefined_flags: those that are not compared; undefined_at_fault: besides, where it ends by a fault.
    void set_code(const TestCode& code, std::uint64_t undefined_flags = 0, std::uint64_t undefined_at_fault = 0);
    // data: HostRunner::kDataSize bytes. Nothing: they agree, or the case was left out. Not compared are the x87
    // instruction and data pointers, which processors treat in different ways.
    std::optional<std::string> difference(const UserState& state, std::span<const std::uint8_t> data);
    // Bytes of the data, from its start, that the next difference() does not compare.
    void ignore_memory(std::size_t at, std::size_t size) { ignored_at_ = at, ignored_size_ = size; }
    // Cases that would have touched memory of AddressSanitizer, which is part of this process.
    std::uint64_t left_out() const { return left_out_; }
    const Outcome& host_outcome() const { return on_host_; }
    const Outcome& soft_outcome() const { return on_soft_; }
    SoftRunner& soft() { return soft_; }

  private:
    std::string describe(const UserState& state) const;
    std::string registers_apart() const;
    std::string vectors_apart() const;

    HostRunner host_;
    SoftRunner soft_;
    TestCode code_;
    std::uint64_t undefined_flags_ = 0, undefined_at_fault_ = 0;
    std::size_t ignored_at_ = 0, ignored_size_ = 0;
    std::uint64_t left_out_ = 0;
    Outcome on_host_, on_soft_;
};

}  // namespace nyx::soft
