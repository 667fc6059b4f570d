// LOCK on operands that run over the end of a page: one step for all other CPUs (SDM volume 3, §8.1.2.2), and nothing
// done where either page refuses.
#include <array>
#include <latch>
#include <thread>
#include <vector>

#include "compile_at_once.h"
#include "paging_trial.h"

namespace nyx::soft {
namespace {

// The first four bytes are on one page, the rest on the next.
constexpr std::uint64_t kSplit = Fixture::kData + 0xFFC;
constexpr std::uint64_t kUpper = kSplit + 4;
constexpr std::uint64_t kSecondCode = Fixture::kCode + 0x1000;
constexpr std::uint64_t kRounds = 200'000;

using Code = std::vector<std::uint8_t>;

// Two CPUs with the same memory, each on a thread of its own: RBX is kSplit, RBP kUpper, RSI 1, RDI 1 << 32.
struct TwoCpus : Fixture {
    Cpu second{memory, around, {}, 1};

    TwoCpus() {
        set_up(second, 64);
        second.rip = kSecondCode;
        for (Cpu* each : {cpu.get(), &second}) {
            each->gpr[kRbx] = kSplit;
            each->gpr[kRbp] = kUpper;
            each->gpr[kRsi] = 1;
            each->gpr[kRdi] = std::uint64_t{1} << 32;
            each->gpr[kR9] = kRounds;
        }
    }
    // The body kRounds times, then HLT.
    void put_loop(std::uint64_t at, Code code) {
        const Code round = {0x49, 0xFF, 0xC9, 0x0F, 0x85};  // dec r9; jnz
        code.insert(code.end(), round.begin(), round.end());
        const auto back = static_cast<std::uint32_t>(-static_cast<std::int32_t>(code.size() + 4));
        for (unsigned i = 0; i < 4; ++i) code.push_back(static_cast<std::uint8_t>(back >> 8 * i));
        code.push_back(0xF4);
        std::copy(code.begin(), code.end(), ram + at);
    }
    void run_both(const Code& first_body, const Code& second_body) {
        put_loop(kCode, first_body);
        put_loop(kSecondCode, second_body);
        std::latch start(2);
        // In slices, because what was compiled is taken up where one begins.
        auto run_all = [&start](Cpu& one) {
            start.arrive_and_wait();
            while (one.activity == Activity::kRunning) one.run(5'000);
        };
        std::thread other([&] { run_all(second); });
        run_all(*cpu);
        other.join();
        CHECK(cpu->activity == Activity::kHalted);
        CHECK(second.activity == Activity::kHalted);
    }
};

const Code kAdd = {0xF0, 0x48, 0x01, 0x33};                   // lock add [rbx], rsi
const Code kAddUpper = {0xF0, 0x48, 0x01, 0x3B};              // lock add [rbx], rdi
const Code kAddNothing = {0xF0, 0x48, 0x83, 0x03, 0x00};      // lock add qword [rbx], 0
const Code kIncrementUpper = {0xF0, 0xFF, 0x45, 0x00};        // lock inc dword [rbp]
const Code kPlainIncrementUpper = {0x8B, 0x45, 0x00,          // mov eax, [rbp]
                                   0xFF, 0xC0,                // inc eax
                                   0x89, 0x45, 0x00};         // mov [rbp], eax
const Code kExchangeAdd = {0x48, 0x89, 0xF0,                  // mov rax, rsi
                           0xF0, 0x48, 0x0F, 0xC1, 0x03,      // lock xadd [rbx], rax
                           0x49, 0x01, 0xC2};                 // add r10, rax
const Code kCompareExchange = {0x48, 0x8B, 0x03,              // mov rax, [rbx]
                               0x48, 0x8D, 0x50, 0x01,        // again: lea rdx, [rax + 1]
                               0xF0, 0x48, 0x0F, 0xB1, 0x13,  // lock cmpxchg [rbx], rdx
                               0x75, 0xF5};                   // jnz again
// Takes what is there and leaves 0, then adds it to R10: what was put there is counted once.
const Code kTake = {0x31, 0xC0,         // xor eax, eax
                    0x48, 0x87, 0x03,   // xchg [rbx], rax
                    0x49, 0x01, 0xC2};  // add r10, rax

}  // namespace

TEST_CASE("a counter across the end of a page that two CPUs add to with LOCK loses nothing") {
    for (const Code* body : {&kAdd, &kExchangeAdd, &kCompareExchange}) {
        TwoCpus t;
        t.run_both(*body, kAdd);
        CHECK(t.at<std::uint64_t>(kSplit) == 2 * kRounds);
    }
}

TEST_CASE("two CPUs that each see what XADD replaced have seen every value of a split counter once") {
    TwoCpus t;
    t.run_both(kExchangeAdd, kExchangeAdd);
    CHECK(t.cpu->gpr[kR10] + t.second.gpr[kR10] == 2 * kRounds * (2 * kRounds - 1) / 2);
}

TEST_CASE("XCHG is locked across the end of a page without saying so") {
    TwoCpus t;
    t.run_both(kTake, kAdd);
    CHECK(t.cpu->gpr[kR10] + t.at<std::uint64_t>(kSplit) == kRounds);
}

TEST_CASE("a split locked operand keeps out locked and plain accesses to either of its pages") {
    for (const Code* other : {&kIncrementUpper, &kPlainIncrementUpper}) {
        TwoCpus t;
        t.run_both(kAddNothing, *other);
        CHECK(t.at<std::uint32_t>(kUpper) == kRounds);
    }
    TwoCpus t;
    t.run_both(kAddUpper, kIncrementUpper);
    CHECK(t.at<std::uint32_t>(kUpper) == 2 * kRounds);
    CHECK(t.at<std::uint32_t>(kSplit) == 0);
}

TEST_CASE("compiled code leaves split locked operands to the interpreter, and gives way to those of others") {
    TwoCpus t;
    auto first = CompileAtOnce::make(), second = CompileAtOnce::make();
    if (first == nullptr) {
        MESSAGE("SKIPPED: no compiler of regions in this build");
        return;
    }
    t.cpu->use_regions(first, {.heat = 2, .interval = 0});
    t.second.use_regions(second, {.heat = 2, .interval = 0});
    t.run_both(kAdd, kIncrementUpper);
    CHECK(t.at<std::uint32_t>(kSplit) == kRounds);
    CHECK(t.at<std::uint32_t>(kUpper) == kRounds);
    CHECK(t.second.region_counts().instructions > kRounds);
}

TEST_CASE("a split locked operand of which a page refuses leaves both as they are, and the bus free") {
    constexpr std::uint64_t kGood = kPteP | kPteW | kPteU, kNext = PagingTrial::kFrame + 0x3000;
    struct Case {
        std::uint64_t first, second;  // flags of the two pages
        unsigned faulting;            // page, 0 or 1
        std::uint32_t error;
    };
    constexpr std::array<Case, 5> kCases{
        {{kGood, 0, 1, 2}, {kGood, kPteP | kPteU, 1, 3}, {0, kGood, 0, 2}, {kPteP | kPteU, kGood, 0, 3}, {0, 0, 0, 2}}};
    for (Paging paging : {Paging::k32, Paging::kPae, Paging::kLong}) {
        for (const Case& one : kCases) {
            PagingTrial t(paging);
            const std::uint64_t split = t.here + 0xFFE;
            t.cpu->control.cr0 |= kCr0Wp;
            t.map(PagingTrial::kFrame | one.first);
            t.put_entry(t.entry_at(1) + t.entry_size(), kNext | one.second);
            t.changed();
            t.set_at<std::uint16_t>(PagingTrial::kFrame + 0xFFE, 0xFFFF);
            t.set_at<std::uint16_t>(kNext, 0x0001);
            t.cpu->gpr[kRbx] = split;
            CHECK(t.faults({0xF0, 0x83, 0x03, 0x01}, kPageFault, one.error));  // lock add dword [rbx], 1
            CHECK(t.raised->address == (one.faulting == 0 ? split : t.here + 0x1000));
            CHECK(t.at<std::uint16_t>(PagingTrial::kFrame + 0xFFE) == 0xFFFF);
            CHECK(t.at<std::uint16_t>(kNext) == 0x0001);
            CHECK((t.entry(1) & kPteD) == 0);
            t.map(PagingTrial::kFrame | kGood);
            t.put_entry(t.entry_at(1) + t.entry_size(), kNext | kGood);
            t.changed();
            CHECK(t.does({0xF0, 0x83, 0x03, 0x01}));
            CHECK(t.at<std::uint16_t>(PagingTrial::kFrame + 0xFFE) == 0);
            CHECK(t.at<std::uint16_t>(kNext) == 0x0002);
        }
    }
}

TEST_CASE("a locked operand that ends where nothing is: its part in memory changes, and other CPUs go on") {
    TwoCpus t;
    for (Cpu* each : {t.cpu.get(), &t.second}) each->gpr[kRbx] = Fixture::kRamSize - 4;
    t.run_both(kAdd, kAdd);
    CHECK(t.at<std::uint32_t>(Fixture::kRamSize - 4) == 2 * kRounds);
}

}  // namespace nyx::soft
