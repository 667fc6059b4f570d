// Every integer instruction against this machine's processor.
//
// NYX_SOFT_CASES is the number of cases, half of them 64-bit code, NYX_SOFT_SEED where the random numbers start.
#include <Zydis/Zydis.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "case_table.h"
#include "comparison.h"
#include "compile_at_once.h"
#include "instruction_generator.h"
#include "runtime/soft/decode/lowering.h"
#include "undefined_flags.h"
#include "undefined_results.h"

namespace nyx::soft {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

// Of all four tests together.
const std::uint64_t kCases = setting("NYX_SOFT_CASES", 1'200'000);

std::vector<ZydisDecodedInstruction> decode(std::span<const std::uint8_t> bytes, unsigned bits) {
    ZydisDecoder decoder;
    if (bits == 64) ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    if (bits == 32) ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_COMPAT_32, ZYDIS_STACK_WIDTH_32);
    if (bits == 16) ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_COMPAT_16, ZYDIS_STACK_WIDTH_16);
    std::vector<ZydisDecodedInstruction> found;
    while (!bytes.empty()) {
        ZydisDecodedInstruction one;
        if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, bytes.data(), bytes.size(), &one)))
            return {};
        found.push_back(one);
        bytes = bytes.subspan(one.length);
    }
    return found;
}

// Runs cases and counts them by mnemonic.
class Campaign {
  public:
    Campaign(std::uint64_t wanted, unsigned bits) : wanted_(wanted), generator_(random_, bits) {}
    // All states of a code but the first are then run by what it was compiled to.
    void compile(std::shared_ptr<RegionSource> source) {
        comparison_.soft().cpu().use_regions(std::move(source), {.heat = 1, .interval = 0});
    }
    std::uint64_t compiled_instructions() { return comparison_.soft().cpu().region_counts().instructions; }
    bool is_done() const { return cases_ >= wanted_; }
    InstructionGenerator& generator() { return generator_; }

    void run(const Generated& generated) {
        const auto instructions = decode(generated.code.bytes, generated.code.bits);
        REQUIRE_MESSAGE(instructions.size() == generated.code.instructions,
                        fmt::format("{:02x}", fmt::join(generated.code.bytes, " ")));
        std::vector<ZydisMnemonic> mnemonics;
        for (const ZydisDecodedInstruction& one : instructions) mnemonics.push_back(one.mnemonic);
        const UndefinedResults undefined(instructions, generated.code.bits);
        if (undefined.why_left_out() != nullptr) return leave_out(mnemonics, undefined.why_left_out());
        comparison_.set_code(generated.code, undefined.flags(), undefined.flags_at_fault());
        fill_data();
        for (std::uint64_t n = 0; n < kStatesOfCode; ++n) run_state(generated, mnemonics, undefined);
    }
    void report() const {
        MESSAGE(fmt::format("{} cases, {} of them faults, {} disagree, {} left out", cases_, faults_, wrong_,
                            comparison_.left_out())
                << table_text(counts_, cases_));
        CHECK(wrong_ == 0);
    }
    CaseTable& counts() { return counts_; }

  private:
    static constexpr std::uint64_t kStatesOfCode = 16, kShown = 20;

    void fill_data() {
        for (std::size_t at = 0; at < data_.size(); at += 8) {
            std::uint64_t value = random_.operand();
            std::memcpy(&data_[at], &value, 8);
        }
    }
    void leave_out(const std::vector<ZydisMnemonic>& mnemonics, const char* why) {
        for (ZydisMnemonic mnemonic : mnemonics) {
            ++counts_[mnemonic].excluded;
            counts_[mnemonic].why = why;
        }
    }
    void run_state(const Generated& generated, const std::vector<ZydisMnemonic>& mnemonics,
                   const UndefinedResults& undefined) {
        UserState state = generator_.prepare(generated, data_);
        undefined.define(state);
        const std::uint64_t left_out = comparison_.left_out();
        auto difference = comparison_.difference(state, data_);
        if (comparison_.left_out() != left_out) return leave_out(mnemonics, "reaches AddressSanitizer's own memory");
        if (undefined.may_differ(comparison_.host_outcome(), comparison_.soft_outcome()))
            return leave_out(mnemonics, "which of two values in memory is looked at first");
        ++cases_;
        for (ZydisMnemonic mnemonic : mnemonics) {
            CaseCount& count = counts_[mnemonic];
            ++count.cases;
            if (difference) ++count.wrong;
            if (count.cases == 1) count.why = why_undefined(mnemonic);
        }
        if (comparison_.host_outcome().fault) ++faults_;
        if (difference && ++wrong_ <= kShown) {
            std::string names;
            for (ZydisMnemonic mnemonic : mnemonics) names += fmt::format("{} ", ZydisMnemonicGetString(mnemonic));
            MESSAGE(names << *difference);
        }
    }

    std::uint64_t wanted_, cases_ = 0, faults_ = 0, wrong_ = 0;
    Random random_{setting("NYX_SOFT_SEED", 1)};
    InstructionGenerator generator_;
    Comparison comparison_;
    CaseTable counts_;
    std::vector<std::uint8_t> data_ = std::vector<std::uint8_t>(HostRunner::kDataSize);
};

// Those that 64-bit code does not have.
const std::set<ZydisMnemonic> kNotIn64 = {
    ZYDIS_MNEMONIC_AAA,   ZYDIS_MNEMONIC_AAD,   ZYDIS_MNEMONIC_AAM,  ZYDIS_MNEMONIC_AAS,    ZYDIS_MNEMONIC_BOUND,
    ZYDIS_MNEMONIC_DAA,   ZYDIS_MNEMONIC_DAS,   ZYDIS_MNEMONIC_INTO, ZYDIS_MNEMONIC_JCXZ,   ZYDIS_MNEMONIC_POPA,
    ZYDIS_MNEMONIC_POPAD, ZYDIS_MNEMONIC_PUSHA, ZYDIS_MNEMONIC_SALC, ZYDIS_MNEMONIC_PUSHAD,
};
// Those of 64-bit operands or addresses.
const std::set<ZydisMnemonic> kOnlyIn64 = {
    ZYDIS_MNEMONIC_CDQE,  ZYDIS_MNEMONIC_CQO,   ZYDIS_MNEMONIC_CMPXCHG16B, ZYDIS_MNEMONIC_MOVSXD, ZYDIS_MNEMONIC_JRCXZ,
    ZYDIS_MNEMONIC_MOVSQ, ZYDIS_MNEMONIC_STOSQ, ZYDIS_MNEMONIC_LODSQ,      ZYDIS_MNEMONIC_CMPSQ,  ZYDIS_MNEMONIC_SCASQ,
};
// Those that compute nothing.
const std::set<ZydisMnemonic> kHints = {
    ZYDIS_MNEMONIC_PAUSE,       ZYDIS_MNEMONIC_ENDBR64,    ZYDIS_MNEMONIC_ENDBR32,    ZYDIS_MNEMONIC_PREFETCH,
    ZYDIS_MNEMONIC_PREFETCHNTA, ZYDIS_MNEMONIC_PREFETCHT0, ZYDIS_MNEMONIC_PREFETCHT1, ZYDIS_MNEMONIC_PREFETCHT2,
    ZYDIS_MNEMONIC_PREFETCHW,   ZYDIS_MNEMONIC_LFENCE,     ZYDIS_MNEMONIC_SFENCE,
};

InstructionTable integer_instructions() {
    InstructionTable table;
    for (auto add : {&add_arithmetic, &add_moves, &add_branches, &add_shifts, &add_multiply, &add_bits, &add_bit_fields,
                     &add_exchange, &add_conditions, &add_conversions, &add_stack, &add_strings, &add_decimal})
        add(table);
    return table;
}

}  // namespace

namespace {

void compare_forms(Campaign& campaign, std::uint32_t left_out) {
    const auto forms = instruction_forms();
    for (std::size_t i = 0; !campaign.is_done(); ++i) {
        const InstructionForm& form = forms[i % forms.size()];
        if ((form.traits & left_out) == 0) campaign.run(campaign.generator().generate(form));
    }
}

// And reports.
void check_all_are_there(Campaign& campaign, const std::set<ZydisMnemonic>& left_out) {
    for (ZydisMnemonic mnemonic : kHints) campaign.counts()[mnemonic].why = "computes nothing";
    for (ZydisMnemonic mnemonic : left_out) campaign.counts()[mnemonic].why = "not in this mode";
    campaign.report();
    const InstructionTable table = integer_instructions();
    for (int i = 0; i <= ZYDIS_MNEMONIC_MAX_VALUE; ++i) {
        auto mnemonic = static_cast<ZydisMnemonic>(i);
        if (table[mnemonic] == nullptr || left_out.contains(mnemonic) || kHints.contains(mnemonic)) continue;
        CHECK_MESSAGE(campaign.counts()[mnemonic].cases != 0, std::string(ZydisMnemonicGetString(mnemonic)),
                      " has no case");
    }
}

}  // namespace

TEST_CASE("integer instructions of 64-bit code do what the host's processor does") {
    Campaign campaign(kCases / 2, 64);
    compare_forms(campaign, kNot64);
    check_all_are_there(campaign, kNotIn64);
}

TEST_CASE("integer instructions of 32-bit code do what the host's processor does") {
    Campaign campaign(kCases / 4, 32);
    compare_forms(campaign, kOnly64);
    check_all_are_there(campaign, kOnlyIn64);
}

TEST_CASE("integer instructions of 16-bit code do what the host's processor does") {
    Campaign campaign(kCases / 8, 16);
    compare_forms(campaign, kOnly64);
    check_all_are_there(campaign, kOnlyIn64);
}

// Flags that one instruction leaves to be computed by the next.
TEST_CASE("sequences of integer instructions do what the host's processor does") {
    Campaign campaign(kCases / 8, 64);
    for (unsigned i = 0; !campaign.is_done(); ++i)
        campaign.run(campaign.generator().generate_sequence(instruction_forms(), 2 + i % 4));
    campaign.report();
}

TEST_CASE("compiled instructions do what the host's processor does") {
    auto source = CompileAtOnce::make();
    if (source == nullptr) {
        MESSAGE("SKIPPED: no compiler of regions in this build");
        return;
    }
    const auto forms = instruction_forms();
    for (unsigned bits : {64u, 32u, 16u}) {
        CAPTURE(bits);
        Campaign campaign(kCases / 40, bits);
        campaign.compile(source);
        for (unsigned i = 0; !campaign.is_done(); ++i) {
            const InstructionForm& form = forms[i % forms.size()];
            if ((form.traits & (bits == 64 ? kNot64 : kOnly64)) == 0) campaign.run(campaign.generator().generate(form));
            if (bits == 64) campaign.run(campaign.generator().generate_sequence(forms, 2 + i % 7));
        }
        campaign.report();
        MESSAGE(campaign.compiled_instructions() << " instructions ran compiled");
        CHECK(campaign.compiled_instructions() > kCases / 80);
    }
}

}  // namespace nyx::soft
