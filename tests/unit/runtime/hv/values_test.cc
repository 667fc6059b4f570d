#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/hv/cpuid.h"
#include "runtime/hv/guest_ram.h"

using namespace nyx;
using namespace nyx::hv;

TEST_CASE("CPUID rules clear bits, and name what is required and missing") {
    std::vector<CpuidEntry> entries{{1, 0, false, 0, 0, 1u << 13 | 1u << 23, 1u << 25}, {7, 0, true, 0, 1u << 7, 0, 0}};
    std::vector<CpuidRule> clear{{1, 0, 'c', 1u << 13, 0}, {99, 0, 'a', 1, 0}};
    REQUIRE(apply_rules(entries, clear));
    CHECK(entries[0].ecx == 1u << 23);
    std::vector<CpuidRule> require{{1, 0, 'c', 0, 1u << 13 | 1u << 23}, {7, 0, 'b', 0, 1u << 22}};
    auto done = apply_rules(entries, require);
    REQUIRE(!done);
    CHECK(done.error().message.find("cx16") != std::string::npos);
    CHECK(done.error().message.find("popcnt") == std::string::npos);
    CHECK(done.error().message.find("leaf 0x7.0 ebx bit 22") != std::string::npos);
}

TEST_CASE("what a vCPU shows against the rules is named") {
    std::vector<CpuidEntry> seen{{1, 0, false, 0, 0, 1u << 13 | 1u << 23, 0}};
    CHECK(not_hidden(seen, std::vector<CpuidRule>{{1, 0, 'c', 1u << 12, 0}, {7, 0, 'b', ~0u, 0}}).empty());
    CHECK(not_hidden(seen, hide_all_features()) == std::vector<std::string>{"cx16", "popcnt"});
    seen[0].edx = 1u << 9;  // apic
    CHECK(not_hidden(seen, hide_all_features()).size() == 2);
}

TEST_CASE("each vCPU has its place in the topology") {
    std::vector<CpuidEntry> entries{{1, 0, false, 0, 0x12345678, 0, 0},
                                    {0xB, 0, true, 9, 9, 9, 9},
                                    {0xB, 1, true, 9, 9, 9, 9},
                                    {0x80000008, 0, false, 0, 0, 0xFFFF, 0},
                                    {0x8000001E, 0, false, 7, 7, 7, 7}};
    set_topology(entries, 2, 3);
    CHECK((find_leaf(entries, 1, 0)->ebx >> 24) == 2);
    CHECK((find_leaf(entries, 1, 0)->ebx >> 16 & 0xFF) == 3);
    CHECK((find_leaf(entries, 1, 0)->ebx & 0xFFFF) == 0x5678);
    CHECK((find_leaf(entries, 1, 0)->edx >> 28 & 1) == 1);
    const CpuidEntry* cores = find_leaf(std::span<const CpuidEntry>(entries), 0xB, 1);
    REQUIRE(cores != nullptr);
    CHECK(cores->eax == 2);  // two bits of the APIC id number three cores
    CHECK(cores->ebx == 3);
    CHECK(cores->edx == 2);
    CHECK((find_leaf(entries, 0x80000008, 0)->ecx & 0xFF) == 2);
    CHECK(find_leaf(entries, 0x8000001E, 0)->eax == 2);
    set_topology(entries, 0, 1);
    CHECK((find_leaf(entries, 1, 0)->edx >> 28 & 1) == 0);
}

TEST_CASE("guest memory is aligned, zero, cleared on demand, and guarded on both sides") {
    constexpr std::uint64_t kSize = 3 * 4096;
    auto ram = GuestRam::create(kSize, false);
    REQUIRE(ram);
    CHECK(reinterpret_cast<std::uintptr_t>(ram->data()) % (2 << 20) == 0);
    ram->data()[kSize - 1] = 7;
    REQUIRE(ram->clear());
    CHECK(ram->data()[kSize - 1] == 0);
    for (std::ptrdiff_t outside : {std::ptrdiff_t{-1}, static_cast<std::ptrdiff_t>(kSize)}) {
        pid_t child = fork();
        if (child == 0) {
            // Sanitizers would turn the fault into a report.
            signal(SIGSEGV, SIG_DFL);
            *static_cast<volatile std::uint8_t*>(ram->data() + outside) = 1;
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status));
    }
}
