// One x86-64 CPU in software: its state (cpu_state.h), and the loop that runs decoded blocks.
//
// Everything belongs to the thread that runs it, but for attention(). Instructions are functions outside (exec/), so
// the state is open to them; what they may call is below, by topic. How they end: go_on.h.
//
// Conventions of an instruction's function (Run): it does its work completely, or, when it cannot, calls one of the
// raise functions or returns because an access did (they have noted why), having changed nothing a guest can see.
// Either way a function that does not go on says so by `return stop_at(cpu, op)`.
#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "runtime/soft/block.h"
#include "runtime/soft/cpu_state.h"
#include "runtime/soft/cpuid_leaf.h"
#include "runtime/soft/decode/offer.h"
#include "runtime/soft/events.h"
#include "runtime/soft/op.h"
#include "runtime/soft/outside.h"
#include "runtime/soft/physical_memory.h"
#include "runtime/soft/regions.h"
#include "runtime/soft/tlb.h"
#include "runtime/soft/translations.h"

namespace nyx::soft {

struct Translation;  // translation.h

class Cpu : public CpuState {
  public:
    Cpu(PhysicalMemory& memory, Surroundings& surroundings, std::vector<CpuidLeaf> cpuid, std::uint32_t index);
    ~Cpu();
    Cpu(const Cpu&) = delete;
    Cpu& operator=(const Cpu&) = delete;

    // Runs until kWantReturn, until it is no longer running (see activity), or until `instructions` have been executed.
    void run(std::uint64_t instructions);
    void reset();  // as after RESET (SDM volume 3, §9.1.1)
    // Wakes a halted CPU too. From any thread.
    void attention(std::uint32_t reasons) { attention_.fetch_or(reasons); }
    void no_attention(std::uint32_t reasons) { attention_.fetch_and(~reasons); }
    std::uint32_t wanted() const { return attention_.load(std::memory_order_relaxed); }
    // After anything in `control`, `segments`, the AC flag or the CPL was set from outside or by an instruction that
    // does more than the functions below.
    void mode_changed();
    // After the whole state was set from outside (a loader, a snapshot): what is derived from it follows.
    void state_replaced();
    // Drops every translation and every decoded block; memory_.forget_all_code() goes with it.
    void forget_derived();

    // Hot blocks are compiled from now on. Before the first run().
    void use_regions(std::shared_ptr<RegionSource> source, Warmth warmth);
    Regions::Counts region_counts() const { return regions_ ? regions_->counts : Regions::Counts{}; }

    std::atomic<std::uint8_t> sipi_vector{0};
    const std::uint32_t index;
    Outside surroundings;
    // Asked before an exception goes to the guest, with rip at its instruction. True: the guest does not get it.
    std::function<bool(const Exception&)> intercept;

    // Sets every bit as it is, without regard to privilege.
    void set_rflags(std::uint64_t value);
    // Brings `instructions` up to date before an instruction lets the outside see it (time, ports, MSRs).
    void settle(const Op* op) {
        instructions += static_cast<std::uint64_t>(op - counted_from_);
        counted_from_ = op;
    }
    // A string instruction pauses after an element, by stop(Stop::kAgain): somebody wants attention, or there will be a
    // #DB (SDM volume 3, §17.3.1.4).
    bool wants_pause() const { return wanted() != 0 || (other_flags & kTf) != 0 || debug_hits_ != 0; }
    // SYSCALL and SYSRET: whether a single-step trap follows depends on the flags they leave.
    void trap_by_new_flags() { trap_ = (other_flags & kTf) != 0; }
    std::uint64_t tsc() { return surroundings.tsc() + static_cast<std::uint64_t>(msr.tsc_offset); }
    // Of the instruction that runs, and of the one after it.
    std::uint64_t rip_of(const Op* op) const { return (block_->rip + op->offset) & ip_mask(); }
    std::uint64_t rip_after(const Op* op) const { return (block_->rip + op->offset + op->length) & ip_mask(); }

    // -- memory by linear address, with the CPL's rights (fast_access.h); false: an exception was raised --
    template <class T>
    bool load(std::uint64_t linear, T& out);
    template <class T>
    bool store(std::uint64_t linear, T value);
    // Where an operand of this size can be changed in place; null: use open() and close().
    template <class T>
    std::uint8_t* direct(std::uint64_t linear);
    // For operands that are read, changed and written: open() reads them into slow_value() and makes sure that they can
    // be written; close() writes slow_value() back and cannot fail.
    bool open(std::uint64_t linear, unsigned size);
    void close(unsigned size);
    std::uint8_t* slow_value() { return slow_.data(); }
    // The same with LOCK. Where the opened operand stands in memory, to be changed there at once, and then
    // closed_in_place(). Null: it is a device, ROM, or runs over the end of a page; until close_locked() no other CPU
    // executes anything.
    bool open_locked(std::uint64_t linear, unsigned size);
    std::uint8_t* opened_in_place(unsigned size);
    void closed_in_place(unsigned size);
    void close_locked(unsigned size);
    // Descriptor tables, TSS and the like: with the rights of CPL 0 (SDM volume 3, §4.6.1).
    template <class T>
    bool load_system(std::uint64_t linear, T& out);
    template <class T>
    bool store_system(std::uint64_t linear, T value);
    // How many bytes from `linear` on, up to `size`, one host range holds that may be touched so; 0: take the slow way.
    struct DirectRun {
        std::uint8_t* host = nullptr;
        std::uint64_t size = 0;
    };
    DirectRun direct_run(std::uint64_t linear, std::uint64_t size, Touch touch);

    // Offset in a segment to linear address; nothing: #GP or #SS was raised. In 64-bit code only FS and GS have a base.
    std::optional<std::uint64_t> linear_address(unsigned segment, std::uint64_t offset, unsigned size, Touch touch);
    // The same for any segment, without raising: nothing, when the access is not allowed.
    std::optional<std::uint64_t> place_in(const Segment& segment, std::uint64_t offset, unsigned size,
                                          Touch touch) const;
    // Physical address by the page tables, with the rights of the current view. Without a right or a page: raises.
    std::optional<std::uint64_t> translate(std::uint64_t linear, Touch touch);
    // The same for looking in from outside: raises nothing and sets no accessed or dirty bit.
    std::optional<std::uint64_t> peek(std::uint64_t linear) const;
    // Forgets, of every PCID, all or what is not global; after CR3 was set from outside, too.
    void flush_tlb(bool with_global);
    void flush_tlb_page(std::uint64_t linear);
    void flush_tlb_context(std::uint32_t pcid);
    // MOV to CR3, with its value checked. keeps: what is remembered of this PCID may stay.
    void set_cr3(std::uint64_t value, bool keeps);
    // The pointers of PAE paging are registers, loaded from where CR3 points (SDM volume 3, §4.4.1). False: reserved
    // bits, nothing changed.
    bool load_page_pointers(std::uint64_t cr3);
    // After a change of DR0 to DR3, DR7 or CR4.DE.
    void breakpoints_changed();
    // Notes the I/O breakpoints that an access to these ports hits.
    // False: the instruction must run alone.
    bool watch_port(std::uint16_t port, unsigned size);
    // A TSS whose T flag is set: #DB when the switch is complete (SDM volume 3, §7.2.1).
    void trap_task_switch() { debug_hits_ |= kTaskSwitchHit; }
    // The exception that was raised belongs to the task that a switch has gone to.
    void fails_at_new_rip() { exception_.at_new_rip = true; }
    // After an access to the stack failed: an address that is not canonical is #SS there.
    void failed_on_stack() {
        if (exception_.by_address) exception_.vector = kStackFault;
    }

    // -- ending an instruction another way --
    void raise(Vector number) { stop_with({number, false, 0, 0, false, false}); }
    void raise(Vector number, std::uint32_t error_code) { stop_with({number, true, error_code, 0, false, false}); }
    void stop(Stop reason) { stop_ = reason; }
    void stop_with(const Exception& exception) {
        exception_ = exception;
        stop_ = Stop::kException;
    }
    void stopped_at(const Op* op) { stopped_op_ = op; }
    // The block is done; `end` is behind its last instruction. It always goes on at this target through this link.
    template <std::size_t kLink>
    void go_to(std::uint64_t target, const Op* end);
    // The same for targets that change.
    void go_anywhere(std::uint64_t target, const Op* end);

    // -- segments, in segments.cc --
    bool load_segment(Seg segment, std::uint16_t selector);  // ES, SS, DS, FS, GS; false: raised
    void load_real_segment(Seg segment, std::uint16_t selector);
    void set_cpl(unsigned level);

    // -- delivery, in interrupts.cc --
    // Goes to the handler; false: an exception on the way was raised, and nothing has changed.
    bool deliver(const Event& event);

    // -- CPUID, in cpuid.cc --
    // The table's entry as it is.
    const CpuidLeaf* cpuid(std::uint32_t leaf, std::uint32_t subleaf) const;
    // Without a table everything is there.
    bool has_feature(std::uint32_t leaf, char reg, unsigned bit) const;
    // What the instruction CPUID gives: with the parts that depend on the state, and for leaves that are not there.
    CpuidLeaf cpuid_now(std::uint32_t leaf, std::uint32_t subleaf);
    std::uint32_t save_area_size() const;  // of XSAVE, with what XCR0 enables
    bool is_amd() const { return is_amd_; }
    unsigned physical_bits() const { return physical_bits_; }

  private:
    friend struct CpuLayout;
    friend class PageWalk;  // page_walk.cc

    struct AsSystem;
    static constexpr std::uint8_t kTaskSwitchHit = 1 << 4;
    static std::uint8_t* host(const TlbEntry& entry, std::uint64_t linear);
    void set_view(View view);
    // An access that may run over the end of a page, in physical parts.
    struct Parts {
        std::array<std::uint64_t, 2> physical{};
        unsigned first_size = 0;
    };
    std::optional<Parts> parts_of(std::uint64_t linear, unsigned size, Touch touch);
    bool load_slow(std::uint64_t linear, unsigned size);
    bool find_operand(std::uint64_t linear, unsigned size);
    void read_operand(unsigned size);
    bool store_slow(std::uint64_t linear, unsigned size);
    void read_physical(std::uint64_t physical, std::span<std::uint8_t> out);
    // False: it holds code or is a device, and the instruction does not run alone.
    bool may_write(std::uint64_t physical, unsigned size);
    bool may_read(std::uint64_t physical);
    bool may_write(const Parts& parts, unsigned size);
    bool is_aligned(std::uint64_t linear, unsigned size);
    void write_physical(std::uint64_t physical, std::span<const std::uint8_t> bytes);
    std::optional<Translation> walk(std::uint64_t linear, Touch touch, bool quietly);
    bool may(const Translation& page, Touch touch) const;
    void fill(std::uint64_t linear, const Translation& page);
    void note_size(std::uint64_t linear, std::uint64_t page_size);
    void look_at_code();
    const CodeEntry* code_entry(std::uint64_t linear);
    bool has_second_page(const Block& block);
    void forget_links(Translations::Dropped dropped = {true, true}) {
        if (dropped.system_code) ++link_epochs_[0];
        if (dropped.user_code) ++link_epochs_[1];
        link_epoch_ = link_epochs_[mode_.is_user ? 1 : 0];
    }
    // False: the access must be done alone.
    bool watch(std::uint64_t linear, unsigned size, Touch touch);
    bool note_hits(unsigned hits);
    bool is_watched_page(std::uint64_t linear) const;
    bool stops_at_breakpoint(std::uint64_t linear);
    void know_processor();

    bool attend();
    void take_interrupt();
    void init();
    void start_up();
    void units_changed();
    void debug_trap(std::uint64_t return_rip);
    bool fits_code_segment(const Block& block) const;
    // guess: a block that may be the one.
    Block* next_block(Block* guess);
    void forget_blocks();
    Block* make_block(std::uint64_t linear, std::size_t max_ops);
    Block* make_crossing_block(std::uint64_t linear, const PhysicalMemory::Page& first, Block block);
    Block* keep_block(Block block, std::span<const Op> ops);
    Block::Source source_of(const PhysicalMemory::Page& page, std::uint64_t physical, std::uint64_t size);
    // The one place where a block is entered, from the loop or from the end of another block.
    void enter(Block& block);
    void run_block(Block& block);
    void run_alone(Block& block);
    // Goes on in the block that the link leads to, or back to the loop, which then sets the link.
    void follow(Block::Link& link, const Op* end);
    // regions.cc
    void warm(Block& block);
    void enter_region(Block& block);
    void take_regions();
    void drop_regions();
    void install(const RegionRequest& request, Region region);
    void finish_stop();
    void fetch_failed();
    // next_rip: of traps.
    void deliver_exception(Exception exception, std::uint64_t fault_rip, std::uint64_t next_rip);
    void deliver_external(std::uint8_t number);

    PhysicalMemory& memory_;
    std::vector<CpuidLeaf> cpuid_;
    std::atomic<std::uint32_t> attention_{0};
    DataTlb* tlb_ = nullptr;
    View view_ = View::kSystem;
    Stop stop_ = Stop::kNone;
    bool checks_alignment_ = false;  // #AC: CPL 3, CR0.AM and RFLAGS.AC
    // Which large pages the TLB may hold parts of, by the low bits of their number.
    std::bitset<1024> large_, huge_;
    bool alone_ = false;  // the block that runs has one instruction and may write to code
    Block* block_ = nullptr;
    std::uint64_t chain_end_ = 0;  // of `instructions`: beyond it the loop must have a look; 0: alone
    // Of links between blocks of the system and of the user's (block.h), and that of them which counts in this mode.
    std::array<std::uint64_t, 2> link_epochs_{1, 1};
    std::uint64_t link_epoch_ = 1;
    Block::Link* open_link_ = nullptr;  // leads to the next block, once it is found
    std::uint64_t code_base_ = 0;       // CS outside 64-bit code, which links rely on
    std::uint32_t code_limit_ = 0;
    const Op* stopped_op_ = nullptr;
    const Op* counted_from_ = nullptr;  // instructions before it are counted
    bool trap_ = false;                 // the instruction that runs alone ends with a single-step trap
    std::uint8_t debug_hits_ = 0;       // breakpoints met, as the low bits of DR6 have them, and kTaskSwitchHit
    bool watches_code_ = false, watches_data_ = false, watches_ports_ = false;
    bool is_amd_ = false;
    bool has_huge_pages_ = true;
    unsigned physical_bits_ = 46;
    Offer offer_;
    Exception exception_;
    alignas(64) std::array<std::uint8_t, 64> slow_{};
    Parts open_;  // between open() and close()
    Translations translations_;
    JumpCache jumps_;
    std::unique_ptr<BlockCache> blocks_;
    std::unique_ptr<Regions> regions_;  // null: everything is interpreted
    Block single_;
    std::vector<Op> single_ops_;
};

}  // namespace nyx::soft

#include "runtime/soft/fast_access.h"  // load(), store() and what they need
