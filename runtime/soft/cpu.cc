#include "runtime/soft/cpu.h"

#include <algorithm>
#include <utility>

#include "runtime/soft/decode/decoder.h"
#include "runtime/soft/go_on.h"

namespace nyx::soft {

Cpu::Cpu(PhysicalMemory& memory, Surroundings& around, std::vector<CpuidLeaf> cpuid, std::uint32_t number)
    : index(number),
      surroundings(around, vector),
      memory_(memory),
      cpuid_(std::move(cpuid)),
      blocks_(std::make_unique<BlockCache>()) {
    know_processor();
    memory_.watch_code(attention_, kWantCodeLook);
    reset();
}

Cpu::~Cpu() {
    memory_.unwatch_code(attention_);
}

// SDM volume 3, table 9-1.
void Cpu::reset() {
    gpr = {};
    const CpuidLeaf* version = cpuid(1, 0);
    gpr[kRdx] = version != nullptr ? version->eax : 0x600;
    rip = 0xFFF0;
    flags.store(0);
    other_flags = 2;
    segments = {};
    for (Segment& segment : segments) segment.access = Segment::kPresent | Segment::kS | 3;
    segments[kCs].access = Segment::kPresent | Segment::kS | 0xB;
    segments[kCs].selector = 0xF000;
    segments[kCs].base = 0xFFFF0000;
    segments[kLdtr].access = Segment::kPresent | 2;
    segments[kTr].access = Segment::kPresent | 0xB;
    gdt = idt = {};
    control = {};
    msr = {};
    vector = {};
    x87 = {};
    cpl = 0;
    activity = Activity::kRunning;
    interrupt_shadow = debug_shadow = nmi_blocked = false;
    alone_ = false;
    debug_hits_ = 0;
    breakpoints_changed();
    flush_tlb(true);
    mode_changed();
}

void Cpu::state_replaced() {
    const bool has_pointers = (control.cr0 & kCr0Pg) != 0 && (control.cr4 & kCr4Pae) != 0 && !is_long();
    if (has_pointers) (void)load_page_pointers(control.cr3);
    flush_tlb(true);
    forget_blocks();
    breakpoints_changed();
    mode_changed();
}

void Cpu::forget_derived() {
    flush_tlb(true);
    forget_blocks();
    if (regions_) regions_->clear();
    alone_ = false;
    no_attention(kWantCodeLook);  // there is nothing left to look for
}

void Cpu::forget_blocks() {
    blocks_->clear();
    jumps_ = {};
    forget_links();
}

namespace {

// How many instructions run from block to block at most. Calls in tail position are jumps only in optimised builds;
// elsewhere each is a frame.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kLongestChain = ~0ull;
#else
constexpr std::uint64_t kLongestChain = 512;
#endif

// How many at most where hot blocks are compiled: the loop sees one of them each time, the hot ones most often.
constexpr std::uint64_t kSample = 1 << 14;

}  // namespace

void Cpu::run(std::uint64_t count) {
    MemoryBus::Ride ride(memory_.bus(), attention_);
    Outside::Session session(surroundings);
    const std::uint64_t end = instructions + count;
    const std::uint64_t longest = regions_ ? std::min(kLongestChain, kSample) : kLongestChain;
    if (regions_) take_regions();
    while (instructions < end) {
        Block::Link* link = std::exchange(open_link_, nullptr);
        if (wanted() != 0) {
            link = nullptr;
            if (!attend()) return;
        }
        if (activity != Activity::kRunning) return;
        chain_end_ = std::min(end, instructions + std::min(end - instructions, longest));
        const std::uint64_t epoch = link_epoch_;
        Block* block = next_block(link != nullptr ? link->to : nullptr);
        if (block != nullptr && instructions + block->count > end) {
            alone_ = true;
            block = next_block(nullptr);
        }
        if (link != nullptr && epoch == link_epoch_ && block != nullptr && !alone_) *link = {block, epoch};
        if (block != nullptr && regions_ && !alone_) warm(*block);
        if (block != nullptr)
            run_block(*block);
        else
            fetch_failed();
    }
    open_link_ = nullptr;
}

// TF, an interrupt shadow and breakpoints are looked at after every instruction, so it must be a block of its own.
Block* Cpu::next_block(Block* guess) {
    stop_ = Stop::kNone;
    if (interrupt_shadow || watches_code_ || (other_flags & kTf) != 0) alone_ = true;
    std::uint64_t linear = is_64() ? rip : (segments[kCs].base + rip) & 0xFFFFFFFF;
    if (alone_) return stops_at_breakpoint(linear) ? nullptr : make_block(linear, 1);
    const CodeEntry* entry = code_entry(linear);
    if (entry == nullptr) return nullptr;
    Block* block = guess != nullptr && guess->is_at(linear, rip, mode_) ? guess : blocks_->find(linear, rip, mode_);
    if (block != nullptr && block->first.host == entry->memory.host && fits_code_segment(*block) &&
        (block->second.host == nullptr || has_second_page(*block)))
        return block;
    if (stop_ != Stop::kNone) return nullptr;
    return make_block(linear, Block::kMaxOps);
}

bool Cpu::fits_code_segment(const Block& block) const {
    return is_64() || block.rip + block.size - 1 <= segments[kCs].limit;
}

// False: it is another one, or an exception was raised.
bool Cpu::has_second_page(const Block& block) {
    const std::uint64_t linear = (block.linear & kPageMask) + kPageSize;
    const CodeEntry* entry = code_entry(is_64() ? linear : linear & 0xFFFFFFFF);
    return entry != nullptr && block.second.host == entry->memory.host;
}

void Cpu::run_block(Block& block) {
    if (alone_) [[unlikely]]
        return run_alone(block);
    enter(block);
    if (stop_ == Stop::kNone) [[likely]]
        settle(block_->ops + block_->count);
    else
        finish_stop();
}

// One instruction, with what belongs between two: shadows, RF (SDM volume 3, §17.3.1.1) and debug traps.
void Cpu::run_alone(Block& block) {
    chain_end_ = 0;
    const bool had_shadow = interrupt_shadow;
    const std::uint64_t resume = other_flags & kRf;
    trap_ = (other_flags & kTf) != 0;
    debug_shadow = false;
    other_flags &= ~kRf;
    enter(block);
    alone_ = false;
    const Stop stop = stop_;
    if (stop == Stop::kNone)
        settle(block.ops + block.count);
    else
        finish_stop();
    if (stop == Stop::kException) return;
    if (had_shadow) interrupt_shadow = false;
    if (stop == Stop::kAgain) other_flags |= resume;
    if ((!trap_ && debug_hits_ == 0) || debug_shadow) return;
    if (stop == Stop::kAgain) ++instructions;  // a repetition that traps counts like a fault
    debug_trap(rip);
}

void Cpu::finish_stop() {
    settle(stopped_op_);
    const std::uint64_t at = rip_of(stopped_op_);
    switch (stop_) {
        case Stop::kException:
            ++instructions;
            if (!exception_.at_new_rip) debug_hits_ = 0;
            if (exception_.at_new_rip) return deliver_exception(exception_, rip, rip);
            if (exception_.by_address && stopped_op_->segment == kSs) exception_.vector = kStackFault;
            deliver_exception(exception_, at, rip_after(stopped_op_));
            break;
        case Stop::kAlone:
            rip = at;
            alone_ = true;
            break;
        case Stop::kAgain:
        case Stop::kNone:
            rip = at;
            break;
    }
}

}  // namespace nyx::soft
