#include "runtime/soft/vm/cpuid_model.h"

#include <cpuid.h>

#include <array>
#include <cstring>
#include <string_view>

#include "runtime/soft/vm/hypervisor.h"

namespace nyx::soft {
namespace {

constexpr std::uint32_t bits(std::initializer_list<unsigned> numbers) {
    std::uint32_t value = 0;
    for (unsigned number : numbers) value |= std::uint32_t{1} << number;
    return value;
}

// Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E.
// fpu de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clfsh mmx fxsr sse sse2
constexpr std::uint32_t k1Edx = bits({0, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 19, 23, 24, 25, 26});
// sse3 ssse3 cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer xsave rdrand hypervisor
constexpr std::uint32_t k1Ecx = bits({0, 9, 13, 17, 19, 20, 21, 22, 23, 24, 26, 30, 31});
// pclmulqdq fma aes avx f16c: by the host
constexpr std::uint32_t k1EcxByHost = bits({1, 12, 25, 28, 29});
// fsgsbase bmi1 smep bmi2 erms invpcid rdseed adx smap clflushopt clwb
constexpr std::uint32_t k7Ebx = bits({0, 3, 7, 8, 9, 10, 18, 19, 20, 23, 24});
// avx2 sha_ni: by the host
constexpr std::uint32_t k7EbxByHost = bits({5, 29});
// umip rdpid
constexpr std::uint32_t k7Ecx = bits({2, 22});
// lahf_lm cr8_legacy abm 3dnowprefetch
constexpr std::uint32_t k8Ecx = bits({0, 4, 5, 8});
// syscall nx pdpe1gb rdtscp lm, and AMD's copies of leaf 1
constexpr std::uint32_t k8Edx = bits({11, 20, 26, 27, 29}) | (k1Edx & 0x0183F3FF);

// As the classic 64-bit family that every system knows; nothing is known to be wrong with it that a kernel would work
// around at a cost.
constexpr std::uint32_t kFamily15Model107 = 0x00060FB1;

std::uint32_t word(std::string_view text, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, text.data() + at, 4);
    return value;
}

void add_brand(std::vector<hv::CpuidEntry>& entries) {
    std::array<char, 48> brand{};
    std::string_view("Nyx software CPU").copy(brand.data(), brand.size());
    std::string_view text(brand.data(), brand.size());
    for (std::uint32_t leaf = 0x80000002; leaf <= 0x80000004; ++leaf) {
        entries.push_back({leaf, 0, false, word(text, 0), word(text, 4), word(text, 8), word(text, 12)});
        text.remove_prefix(16);
    }
}

// Leaf 0xD: x87, SSE and, with AVX, the upper halves, at the places that the standard form has (SDM volume 1, §13.4).
void add_save_area(std::vector<hv::CpuidEntry>& entries, bool has_avx) {
    const std::uint32_t size = has_avx ? 832 : 576;
    entries.push_back({0xD, 0, true, has_avx ? 7u : 3u, size, size, 0});
    entries.push_back({0xD, 1, true, bits({0, 1}), 0, 0, 0});  // xsaveopt xsavec
    if (has_avx) entries.push_back({0xD, 2, true, 256, 576, 0, 0});
}

}  // namespace

std::vector<hv::CpuidEntry> cpuid_model(std::uint32_t host_1_ecx, std::uint32_t host_7_ebx) {
    constexpr std::string_view kVendor = "AuthenticAMD";
    const std::uint32_t vendor[] = {word(kVendor, 0), word(kVendor, 8), word(kVendor, 4)};  // EBX, ECX, EDX
    const std::uint32_t ecx = k1Ecx | (k1EcxByHost & host_1_ecx);
    const bool has_avx = (ecx & bits({28})) != 0;
    std::vector<hv::CpuidEntry> entries;
    entries.push_back({0, 0, false, 0xD, vendor[0], vendor[1], vendor[2]});
    entries.push_back({1, 0, false, kFamily15Model107, 8 << 8, ecx, k1Edx});
    entries.push_back({7, 0, true, 0, k7Ebx | (has_avx ? k7EbxByHost & host_7_ebx : 0), k7Ecx, 0});
    add_save_area(entries, has_avx);
    entries.push_back({0x80000000, 0, false, 0x80000008, vendor[0], vendor[1], vendor[2]});
    entries.push_back({0x80000001, 0, false, kFamily15Model107, 0, k8Ecx, k8Edx});
    add_brand(entries);
    entries.push_back({0x80000007, 0, false, 0, 0, 0, bits({8})});  // invariant TSC
    entries.push_back({0x80000008, 0, false, 48 << 8 | kPhysicalBits, 0, 0, 0});
    return entries;
}

Result<std::vector<hv::CpuidEntry>> Hypervisor::supported_cpuid() const {
    std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
    __get_cpuid(1, &eax, &ebx, &ecx, &edx);
    std::uint32_t ignored = 0, host_7_ebx = 0;
    __get_cpuid_count(7, 0, &ignored, &host_7_ebx, &ignored, &ignored);
    return cpuid_model(ecx, host_7_ebx);
}

}  // namespace nyx::soft
