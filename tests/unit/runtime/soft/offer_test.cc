// Instructions that CPUID does not offer are not there (SDM volume 1, chapter 20).
#include <fmt/format.h>

#include "trial.h"

namespace nyx::soft {
namespace {

struct Feature {
    const char* name;
    std::uint32_t leaf, subleaf;
    char reg;
    unsigned bit;
    std::initializer_list<std::uint8_t> code;
};

// Memory operands are [rbx].
const Feature kFeatures[] = {
    {"x87", 1, 0, 'd', 0, {0xD9, 0xE8}},
    {"cmov", 1, 0, 'd', 15, {0x0F, 0x44, 0xC1}},
    {"fcmov", 1, 0, 'd', 15, {0xDA, 0xC1}},
    {"clflush", 1, 0, 'd', 19, {0x0F, 0xAE, 0x3B}},
    {"mmx", 1, 0, 'd', 23, {0x0F, 0xEF, 0xC0}},
    {"fxsr", 1, 0, 'd', 24, {0x0F, 0xAE, 0x03}},
    {"sse", 1, 0, 'd', 25, {0x0F, 0x57, 0xC0}},
    {"mxcsr", 1, 0, 'd', 25, {0x0F, 0xAE, 0x1B}},
    {"sse2", 1, 0, 'd', 26, {0x66, 0x0F, 0x57, 0xC0}},
    {"sse3", 1, 0, 'c', 0, {0xF2, 0x0F, 0x7C, 0xC0}},
    {"pclmulqdq", 1, 0, 'c', 1, {0x66, 0x0F, 0x3A, 0x44, 0xC0, 0x00}},
    {"ssse3", 1, 0, 'c', 9, {0x66, 0x0F, 0x38, 0x00, 0xC0}},
    {"fma", 1, 0, 'c', 12, {0xC4, 0xE2, 0x79, 0x98, 0xC0}},
    {"cmpxchg16b", 1, 0, 'c', 13, {0x48, 0x0F, 0xC7, 0x0B}},
    {"sse4.1", 1, 0, 'c', 19, {0x66, 0x0F, 0x38, 0x40, 0xC0}},
    {"sse4.2", 1, 0, 'c', 20, {0x66, 0x0F, 0x38, 0x37, 0xC0}},
    {"crc32", 1, 0, 'c', 20, {0xF2, 0x0F, 0x38, 0xF1, 0xC0}},
    {"movbe", 1, 0, 'c', 22, {0x0F, 0x38, 0xF0, 0x03}},
    {"popcnt", 1, 0, 'c', 23, {0xF3, 0x0F, 0xB8, 0xC0}},
    {"aes", 1, 0, 'c', 25, {0x66, 0x0F, 0x38, 0xDC, 0xC0}},
    {"xsave", 1, 0, 'c', 26, {0x0F, 0x01, 0xD0}},
    {"avx", 1, 0, 'c', 28, {0xC5, 0xF8, 0x57, 0xC0}},
    {"vaesenc of 128 bits", 1, 0, 'c', 28, {0xC4, 0xE2, 0x79, 0xDC, 0xC0}},
    {"f16c", 1, 0, 'c', 29, {0xC4, 0xE2, 0x79, 0x13, 0xC0}},
    {"rdrand", 1, 0, 'c', 30, {0x0F, 0xC7, 0xF0}},
    {"fsgsbase", 7, 0, 'b', 0, {0xF3, 0x48, 0x0F, 0xAE, 0xC0}},
    {"bmi1", 7, 0, 'b', 3, {0xC4, 0xE2, 0x78, 0xF2, 0xC0}},
    {"avx2", 7, 0, 'b', 5, {0xC5, 0xFD, 0xFE, 0xC0}},
    {"bmi2", 7, 0, 'b', 8, {0xC4, 0xE2, 0xFB, 0xF5, 0xC0}},
    {"invpcid", 7, 0, 'b', 10, {0x66, 0x0F, 0x38, 0x82, 0x0B}},
    {"rdseed", 7, 0, 'b', 18, {0x0F, 0xC7, 0xF8}},
    {"adx", 7, 0, 'b', 19, {0x66, 0x0F, 0x38, 0xF6, 0xC0}},
    {"smap", 7, 0, 'b', 20, {0x0F, 0x01, 0xCA}},
    {"clflushopt", 7, 0, 'b', 23, {0x66, 0x0F, 0xAE, 0x3B}},
    {"clwb", 7, 0, 'b', 24, {0x66, 0x0F, 0xAE, 0x33}},
    {"sha", 7, 0, 'b', 29, {0x0F, 0x38, 0xC8, 0xC0}},
    {"rdpid", 7, 0, 'c', 22, {0xF3, 0x0F, 0xC7, 0xF8}},
    {"xsaveopt", 0xD, 1, 'a', 0, {0x0F, 0xAE, 0x33}},
    {"xsavec", 0xD, 1, 'a', 1, {0x0F, 0xC7, 0x23}},
    {"rdtscp", 0x80000001, 0, 'd', 27, {0x0F, 0x01, 0xF9}},
};

std::vector<CpuidLeaf> everything() {
    std::vector<CpuidLeaf> leaves;
    for (std::uint32_t leaf : {1u, 7u, 0x80000001u, 0x80000008u})
        leaves.push_back({leaf, 0, false, ~0u, ~0u, ~0u, ~0u});
    leaves.push_back({0xD, 0, true, 7, 832, 832, 0});
    leaves.push_back({0xD, 1, true, 0xF, 832, 0, 0});
    leaves.push_back({0xD, 2, true, 256, 576, 0, 0});
    return leaves;
}

void clear(std::vector<CpuidLeaf>& leaves, const Feature& feature) {
    for (CpuidLeaf& entry : leaves) {
        if (entry.leaf != feature.leaf || entry.subleaf != feature.subleaf) continue;
        std::uint32_t& reg = feature.reg == 'a'   ? entry.eax
                             : feature.reg == 'b' ? entry.ebx
                             : feature.reg == 'c' ? entry.ecx
                                                  : entry.edx;
        reg &= ~(1u << feature.bit);
    }
}

std::optional<Exception> result_of(std::vector<CpuidLeaf> leaves, std::initializer_list<std::uint8_t> code) {
    Trial t(64, std::move(leaves));
    t.cpu->control.cr4 |= kCr4Osfxsr | kCr4Osxsave | kCr4Fsgsbase | kCr4Smap;
    t.cpu->control.xcr0 = 7;
    t.cpu->mode_changed();
    t.cpu->gpr[kRbx] = Fixture::kData;
    t.does(code);
    return t.raised;
}

}  // namespace

TEST_CASE("every feature's instructions are there with its bit and #UD without") {
    for (const Feature& feature : kFeatures) {
        INFO(feature.name);
        std::vector<CpuidLeaf> leaves = everything();
        auto with = result_of(leaves, feature.code);
        CHECK_MESSAGE(!with, fmt::format("raised {}", with ? with->vector : 0));
        clear(leaves, feature);
        auto without = result_of(leaves, feature.code);
        REQUIRE(without);
        CHECK(without->vector == kInvalidOpcode);
    }
}

TEST_CASE("without BMI1 and LZCNT their encodings are the older instructions") {
    std::vector<CpuidLeaf> leaves = everything();
    auto result = [&](std::initializer_list<std::uint8_t> code) {
        Trial t(64, leaves);
        t.cpu->gpr[kRax] = 0x55;
        t.cpu->gpr[kRcx] = 1;
        CHECK(t.does(code));
        return t.cpu->gpr[kRax];
    };
    CHECK(result({0xF3, 0x0F, 0xBD, 0xC1}) == 31);  // lzcnt eax, ecx
    CHECK(result({0xF3, 0x0F, 0xBC, 0xC7}) == 32);  // tzcnt eax, edi
    for (CpuidLeaf& entry : leaves) {
        if (entry.leaf == 7) entry.ebx &= ~(1u << 3);
        if (entry.leaf == 0x80000001) entry.ecx &= ~(1u << 5);
    }
    CHECK(result({0xF3, 0x0F, 0xBD, 0xC1}) == 0);           // bsr
    CHECK(result({0xF3, 0x0F, 0xBC, 0xC1}) == 0);           // bsf
    CHECK(result({0xF3, 0x48, 0x0F, 0xBC, 0xC7}) == 0x55);  // bsf of zero leaves its destination
}

TEST_CASE("without a table everything is there") {
    for (const Feature& feature : kFeatures) {
        INFO(feature.name);
        CHECK_FALSE(result_of({}, feature.code));
    }
}

}  // namespace nyx::soft
