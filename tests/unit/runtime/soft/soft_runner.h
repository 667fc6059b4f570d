// The same as HostRunner on a soft::Cpu: 64-bit code at CPL 3 with the same pages mapped.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "fixture.h"
#include "host_runner.h"

namespace nyx::soft {

class SoftRunner {
  public:
    SoftRunner();
    void set_code(const TestCode& code);
    Outcome run(const UserState& state);
    std::span<std::uint8_t> data() { return {page(kDataPage), HostRunner::kDataSize}; }
    Cpu& cpu() { return *cpu_; }

  private:
    // The pages of physical memory; everything is where its linear address is, but for the tables.
    static constexpr std::size_t kTables = 0, kCodePageNumber = 4, kDataPage = 5, kPages = 7;
    std::uint8_t* page(std::size_t number) { return ram_ + number * kPageSize; }
    void set_entry(std::size_t table, std::uint64_t index, std::uint64_t value);
    void set_up_paging();
    void set_up_modes();
    void set_segments(unsigned bits);
    void put_state(const UserState& state);
    UserState state() const;

    std::vector<std::uint8_t> storage_ = std::vector<std::uint8_t>((kPages + 1) * kPageSize);
    std::uint8_t* ram_ = nullptr;
    FakeSurroundings around_;
    PhysicalMemory memory_;
    std::unique_ptr<Cpu> cpu_;
    std::optional<Exception> exception_;
    std::uint64_t instructions_ = 1;
    std::size_t size_ = 0;  // of the code
    unsigned bits_ = 64;
    bool with_vectors_ = false;
};

// CPUID of this machine, as far as a CPU under test asks for it.
std::vector<CpuidLeaf> host_cpuid();

}  // namespace nyx::soft
