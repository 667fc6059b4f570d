// Every vector instruction against this machine's processor, in every form that can be encoded.
//
// NYX_SOFT_VECTOR_STATES is the number of states for each form, NYX_SOFT_SEED where the random numbers start.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <map>

#include "case_table.h"
#include "comparison.h"
#include "runtime/soft/decode/lowering.h"
#include "vector_exclusions.h"
#include "vector_forms.h"

namespace nyx::soft {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

template <class T, std::size_t kCount>
T one_of(const std::array<T, kCount>& values, Random& random) {
    return values[random.below(kCount)];
}

// Zeros, denormals, the ends of the ranges, infinities, quiet and signalling NaNs, integers at the ends of theirs.
std::uint32_t single(Random& random) {
    constexpr std::array<std::uint32_t, 20> kSpecial{0,          0x80000000, 1,          0x007FFFFF, 0x00800000,
                                                     0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001,
                                                     0xFFC12345, 0x3F800000, 0xBF800000, 0x3FC00000, 0x4F000000,
                                                     0xCF000000, 0x4EFFFFFF, 0x3F000000, 0xFF876543, 0x80000001};
    if (random.one_in(2)) return one_of(kSpecial, random);
    // Exponents near one another, so that sums round.
    if (random.one_in(2))
        return static_cast<std::uint32_t>((random.next() & 0x807FFFFF) | (random.below(32) + 112) << 23);
    return static_cast<std::uint32_t>(random.next());
}
std::uint64_t twice(Random& random) {
    constexpr std::array<std::uint64_t, 20> kSpecial{0,
                                                     0x8000000000000000,
                                                     1,
                                                     0x000FFFFFFFFFFFFF,
                                                     0x0010000000000000,
                                                     0x7FEFFFFFFFFFFFFF,
                                                     0x7FF0000000000000,
                                                     0xFFF0000000000000,
                                                     0x7FF8000000000000,
                                                     0x7FF0000000000001,
                                                     0xFFF8123456789ABC,
                                                     0x3FF0000000000000,
                                                     0xBFF0000000000000,
                                                     0x3FF8000000000000,
                                                     0x41E0000000000000,
                                                     0xC1E0000000200000,
                                                     0x43E0000000000000,
                                                     0x41DFFFFFFFC00000,
                                                     0x36A0000000000000,
                                                     0x47EFFFFFF0000000};
    if (random.one_in(2)) return one_of(kSpecial, random);
    if (random.one_in(2)) return (random.next() & 0x800FFFFFFFFFFFFF) | (random.below(64) + 992) << 52;
    return random.next();
}

void fill(std::span<std::uint8_t> bytes, Random& random) {
    const std::uint64_t kind = random.below(4);
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t value = random.next();
        if (kind == 0) value = single(random) | std::uint64_t{single(random)} << 32;
        if (kind == 1) value = twice(random);
        if (kind == 2) value = random.operand();
        if (kind == 3 && random.one_in(3)) value &= 0x00FF00FF00FF00FF;  // strings end, masks have gaps
        std::memcpy(&bytes[at], &value, 8);
    }
}

std::uint32_t mxcsr(Random& random) {
    std::uint32_t value = 0x1F80 | static_cast<std::uint32_t>(random.one_in(2) ? random.below(64) : 0);
    if (random.one_in(4)) value |= static_cast<std::uint32_t>(random.below(4) << 13);
    if (random.one_in(6)) value |= 1u << 6;
    if (random.one_in(6)) value |= 1u << 15;
    // Unmasked exceptions, but for underflow and overflow (see round_with_control()).
    if (random.one_in(6)) value &= ~static_cast<std::uint32_t>(random.below(64) << 7) | 3u << 10;
    return value;
}

// 80 bits: zeros, denormals, pseudo-denormals, unnormals, infinities, NaNs, integers, packed decimals and others.
void fill_extended(std::span<std::uint8_t> bytes, Random& random) {
    std::uint64_t significand = random.next();
    constexpr std::array<std::uint64_t, 9> kSpecial{0,
                                                    1,
                                                    0x8000000000000000,
                                                    0xC000000000000000,
                                                    0xFFFFFFFFFFFFFFFF,
                                                    0x7FFFFFFFFFFFFFFF,
                                                    0x8000000000000001,
                                                    0x123456789,
                                                    0xFFFFFF0000000000};
    if (random.one_in(2)) significand = one_of(kSpecial, random);
    if (random.one_in(2)) significand |= std::uint64_t{1} << 63;
    auto exponent = static_cast<std::uint16_t>(random.next());
    constexpr std::array<std::uint16_t, 8> kExponents{0, 1, 0x7FFF, 0x7FFE, 0x3FFF, 0x403E, 0x3FFE, 0x4000};
    if (random.one_in(2))
        exponent = one_of(kExponents, random) | (exponent & 0x8000);
    else if (random.one_in(2))
        exponent = static_cast<std::uint16_t>(0x3FC0 + random.below(0x80)) | (exponent & 0x8000);
    std::memcpy(&bytes[0], &significand, 8);
    std::memcpy(&bytes[8], &exponent, 2);
}

// For x87 instructions: any control, condition codes, sometimes unmasked or pending exceptions.
void fill_x87_fully(UserState& state, Random& random) {
    for (std::size_t i = 0; i < 8; ++i) fill_extended(std::span(state.fxsave).subspan(32 + 16 * i, 10), random);
    std::uint16_t control = 0x37F, status = static_cast<std::uint16_t>(random.next() & 0x7F00);
    if (random.one_in(2)) control = static_cast<std::uint16_t>((random.next() & 0x1F00) | 0x7F);
    if (random.one_in(4)) control = static_cast<std::uint16_t>(control & ~random.below(64));
    if (random.one_in(3))
        status = static_cast<std::uint16_t>(status | (random.next() & 0x7F & (random.one_in(4) ? 0x7F : control)));
    if ((status & ~control & 0x3F) != 0) status |= 0x8080;
    std::memcpy(&state.fxsave[0], &control, 2);
    std::memcpy(&state.fxsave[2], &status, 2);
    state.fxsave[4] = static_cast<std::uint8_t>(random.one_in(2) ? 0xFF : random.next());
    if (random.one_in(4)) std::memcpy(&state.fxsave[32], &state.fxsave[48], 10);
}

void fill_x87(UserState& state, Random& random) {
    state.reset_fpu();
    for (std::size_t i = 0; i < 8; ++i) fill(std::span(state.fxsave).subspan(32 + 16 * i, 8), random);
    for (std::size_t i = 0; i < 8; ++i) state.fxsave[32 + 16 * i + 9] = random.one_in(2) ? 0x3F : 0xFF;
    state.fxsave[3] = static_cast<std::uint8_t>(random.below(8) << 3);  // TOP
    state.fxsave[4] = static_cast<std::uint8_t>(random.next());         // what is in use
}

UserState state_for(const VectorForm& form, Random& random) {
    UserState state;
    for (std::size_t i = 0; i < 16; ++i) {
        state.gpr[i] = random.operand();
        fill(state.ymm[i], random);
    }
    if (random.one_in(3)) state.ymm[random.below(16)] = state.ymm[random.below(16)];
    state.gpr[kRdi] = HostRunner::kData + 64 + random.below(16);  // MASKMOVDQU
    state.rflags = random.next() & (kFlagsOfTests & ~std::uint64_t{0x400});
    if (random.one_in(8)) state.gpr[kRdi] = HostRunner::kData + HostRunner::kDataSize - 8;
    std::uint64_t offset = 256 + 32 * random.below(8);
    if (random.one_in(4)) offset += random.below(32);
    if (random.one_in(8)) offset = 0x1000 - random.below(32);  // over the middle
    if (random.one_in(16)) offset = HostRunner::kDataSize - random.below(40);
    if (form.has_memory()) state.gpr[kRbx] = HostRunner::kData + offset - 64;
    fill_x87(state, random);
    const bool has_steps = form.mnemonic == ZYDIS_MNEMONIC_DPPS || form.mnemonic == ZYDIS_MNEMONIC_DPPD ||
                           form.mnemonic == ZYDIS_MNEMONIC_VDPPS || form.mnemonic == ZYDIS_MNEMONIC_VDPPD;
    state.set_mxcsr(mxcsr(random) | (has_steps ? 0x1F80 : 0));
    return state;
}

// Indices that stay near.
void tame_indices(const VectorForm& form, UserState& state, Random& random) {
    if (std::string_view(ZydisMnemonicGetString(form.mnemonic)).find("gather") == std::string_view::npos) return;
    const bool is_wide =
        std::string_view(ZydisMnemonicGetString(form.mnemonic)).find("gatherq") != std::string_view::npos;
    for (auto& bytes : state.ymm)
        for (std::size_t at = 0; at < 32; at += 4) {
            std::uint32_t value = static_cast<std::uint32_t>(random.below(128));
            if (random.one_in(4)) value = 0x80000000 | static_cast<std::uint32_t>(random.next());
            if (at % 8 == 4 && is_wide && random.one_in(2)) value = 0;
            std::memcpy(&bytes[at], &value, 4);
        }
}

// A state to restore, mostly a valid one, and a mask in EDX:EAX.
void prepare_image(UserState& state, std::span<std::uint8_t> data, Random& random) {
    state.gpr[kRax] = random.one_in(2) ? 7 : random.below(8);  // what both have
    state.gpr[kRdx] = 0;
    if (!random.one_in(8)) state.gpr[kRbx] &= ~std::uint64_t{63};
    if (random.one_in(4))
        for (auto& bytes : state.ymm) std::memset(bytes.data() + (random.one_in(2) ? 16 : 0), 0, 16);
    const std::uint64_t at = state.gpr[kRbx] + 64 - HostRunner::kData;
    if (at + 832 > data.size()) return;
    std::span<std::uint8_t> image = data.subspan(at);
    auto put = [&](std::size_t offset, std::uint64_t value, std::size_t size) {
        std::memcpy(&image[offset], &value, size);
    };
    if (!random.one_in(8)) put(24, random.next() & 0xFFFF, 4);
    std::memset(&image[6], 0, 18);  // opcode and pointers, which AMD's processors treat differently
    const std::uint64_t valid = random.one_in(16) ? random.below(16) : random.below(8);
    put(512, valid, 8);
    put(520, random.one_in(3) ? (std::uint64_t{1} << 63) | valid | random.below(8) : random.one_in(16), 8);
    std::memset(&image[528], random.one_in(16), 48);
}

class VectorTest {
  public:
    explicit VectorTest(bool is_x87)
        : is_x87_(is_x87), random_(setting("NYX_SOFT_SEED", 1)), states_(setting("NYX_SOFT_VECTOR_STATES", 24)) {}

    void run(ZydisMnemonic mnemonic) {
        for (const VectorForm& form : forms_of(mnemonic)) {
            const bool is_string =
                form.operands.empty() && (mnemonic == ZYDIS_MNEMONIC_MOVSD || mnemonic == ZYDIS_MNEMONIC_CMPSD);
            if (!is_string) run(form);
        }
    }
    void run(const VectorForm& form) {
        CaseCount& tally = tallies_[form.mnemonic];
        std::vector<std::uint8_t> data(HostRunner::kDataSize);
        for (std::uint64_t i = 0; i < states_; ++i) {
            if (i % 8 == 0) {
                auto bytes = encode(form, random_);
                if (!bytes) continue;
                comparison_.set_code({*bytes, 1, true});
                fill(data, random_);
                if (is_x87_ && random_.one_in(2))
                    for (std::size_t at = 0; at + 16 <= data.size(); at += 32)
                        fill_extended(std::span(data).subspan(at, 10), random_);
            }
            UserState state = state_for(form, random_);
            tame_indices(form, state, random_);
            if (is_x87_) fill_x87_fully(state, random_);
            if (form.is_image()) {
                prepare_image(state, data, random_);
                // MXCSR_MASK has MM on AMD's processors.
                const std::uint64_t at = state.gpr[kRbx] + 64 - HostRunner::kData;
                if (at + 32 <= data.size()) comparison_.ignore_memory(at + 28, 4);
            }
            auto difference = comparison_.difference(state, data);
            if (const char* why =
                    why_not_compared({form, is_x87_, comparison_.host_outcome(), comparison_.soft_outcome()})) {
                ++tally.excluded;
                tally.why = why;
                continue;
            }
            ++tally.cases;
            if (comparison_.host_outcome().fault == Fault{kInvalidOpcode, 0}) ++undefined_[form.mnemonic];
            if (difference && ++tally.wrong <= 2) MESSAGE(ZydisMnemonicGetString(form.mnemonic) << ": " << *difference);
        }
    }
    CaseTable& tallies() { return tallies_; }
    // All its cases were #UD: this host does not have it, or both refuse its operands.
    bool is_absent(ZydisMnemonic mnemonic) { return undefined_[mnemonic] == tallies_[mnemonic].cases; }

  private:
    bool is_x87_;
    Random random_;
    std::uint64_t states_;
    Comparison comparison_;
    CaseTable tallies_;
    std::map<ZydisMnemonic, std::uint64_t> undefined_;
};

void compare_all(const InstructionTable& table, bool is_x87) {
    VectorTest test(is_x87);
    std::string untested, wrong;
    const char* only = std::getenv("NYX_SOFT_ONLY");
    for (int i = 0; i <= ZYDIS_MNEMONIC_MAX_VALUE; ++i) {
        const auto mnemonic = static_cast<ZydisMnemonic>(i);
        if (table[mnemonic] == nullptr) continue;
        if (only != nullptr && std::string_view(only) != ZydisMnemonicGetString(mnemonic)) continue;
        test.run(mnemonic);
        if (!test.tallies().contains(mnemonic)) untested += fmt::format(" {}", ZydisMnemonicGetString(mnemonic));
    }
    for (auto& [mnemonic, tally] : test.tallies()) {
        if (tally.wrong != 0)
            wrong += fmt::format(" {} ({} of {})", ZydisMnemonicGetString(mnemonic), tally.wrong, tally.cases);
        if (test.is_absent(mnemonic)) tally.why = "this host does not have it: #UD only";
    }
    MESSAGE(table_text(test.tallies()));
    CHECK_MESSAGE(untested.empty(), "without a case:" << untested);
    CHECK_MESSAGE(wrong.empty(), "different:" << wrong);
}

}  // namespace

TEST_CASE("vector instructions do what the host's processor does") {
    InstructionTable table;
    add_vectors(table);
    compare_all(table, false);
}

TEST_CASE("x87 instructions do what the host's processor does") {
    InstructionTable table;
    add_x87(table);
    compare_all(table, true);
}

}  // namespace nyx::soft
