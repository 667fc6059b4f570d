// Code that changes while it is decoded (SDM volume 3, §12.6): this CPU sees its own writes at once, and those of
// others are never forgotten.
#include <array>
#include <barrier>
#include <thread>

#include "trial.h"

namespace nyx::soft {

TEST_CASE("a page that was written to before it became code still notices writes") {
    Trial t;
    t.cpu->gpr[kRbx] = 0x5000;
    // jmp over; over: mov [rbx+0x800], al; jmp rbx
    t.put(0x1000, {0xEB, 0x00, 0x88, 0x83, 0x00, 0x08, 0x00, 0x00, 0xFF, 0xE3});
    // mov byte [rip], 4 turns the instruction behind it from add al, [rdx] into add al, 2.
    t.put(0x5000, {0xC6, 0x05, 0x00, 0x00, 0x00, 0x00, 0x04, 0x02, 0x02, 0xEB, 0xFE});
    t.cpu->run(100);
    CHECK(t.cpu->gpr[kRax] == 2);
}

TEST_CASE("a block whose bytes were written by another address is made anew") {
    Trial t;
    // 0x5000 and 0x6000 are the same memory.
    for (std::uint64_t at : {0x40000u, 0x41000u, 0x42000u}) t.set_at<std::uint64_t>(at, at + 0x1003);
    for (std::uint64_t i = 0; i < 16; ++i) t.set_at<std::uint64_t>(0x43000 + i * 8, i * 0x1000 + 3);
    t.set_at<std::uint64_t>(0x43000 + 6 * 8, 0x5003);
    t.cpu->control.cr3 = 0x40000;
    t.cpu->control.cr4 = kCr4Pae;
    t.cpu->control.cr0 |= kCr0Pg;
    t.cpu->flush_tlb(true);
    t.put(0x5000, {0xB0, 0x01, 0xEB, 0xFE});                          // mov al, 1; jmp to itself
    t.put(0x1000, {0xC6, 0x03, 0x07, 0xE9, 0xF8, 0x3F, 0x00, 0x00});  // mov byte [rbx], 7; jmp 0x5000
    t.cpu->gpr[kRbx] = 0x6001;
    t.cpu->rip = 0x5000;
    t.cpu->run(100);
    CHECK(t.cpu->gpr[kRax] == 1);
    t.cpu->rip = 0x1000;
    t.cpu->run(100);
    CHECK(t.cpu->gpr[kRax] == 7);
}

TEST_CASE("what is decoded while another CPU forgets the page's code is outdated, or known as code") {
    alignas(kPageSize) static std::array<std::uint8_t, kPageSize> ram{};
    PhysicalMemory memory;
    REQUIRE(memory.map({0, kPageSize}, ram.data(), false));
    const PhysicalMemory::Page page = *memory.find(0);
    constexpr int kRounds = 30'000;
    std::barrier both(2);
    std::thread other([&] {
        for (int i = 0; i < kRounds; ++i) {
            both.arrive_and_wait();
            memory.forget_code(page);
            both.arrive_and_wait();
        }
    });
    int lost = 0;
    for (int i = 0; i < kRounds; ++i) {
        both.arrive_and_wait();
        const std::uint32_t version = memory.note_code(page, 0x100, 8);
        both.arrive_and_wait();
        if (version == page.state->version.load() && !PhysicalMemory::holds_code(page, 0x100, 8)) ++lost;
    }
    other.join();
    CHECK(lost == 0);
}

}  // namespace nyx::soft
