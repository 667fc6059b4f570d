// Descriptors as they lie in the GDT, an LDT and the IDT (Intel SDM volume 3, §3.4.5, §3.5, §5.8.3, §6.11, §6.14.1),
// and the checks that several instructions share.
//
// Every function that can fail raises and says so by false or nothing. `ext` is 1 while an event from outside the
// program is being delivered (SDM volume 3, §6.13); it becomes part of every error code.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

// Of system descriptors (SDM volume 3, table 3-2).
enum SystemType : std::uint8_t {
    kTss16 = 1,
    kLdt = 2,
    kTss16Busy = 3,
    kCallGate16 = 4,
    kTaskGate = 5,
    kInterruptGate16 = 6,
    kTrapGate16 = 7,
    kTss = 9,
    kTssBusy = 11,
    kCallGate = 12,
    kInterruptGate = 14,
    kTrapGate = 15,
};

struct Descriptor {
    std::uint64_t low = 0;
    std::uint64_t high = 0;     // of those that have 16 bytes
    std::uint64_t address = 0;  // linear
    std::uint16_t selector = 0;

    unsigned type() const { return static_cast<unsigned>(low >> 40) & 0xF; }
    bool is_system() const { return (low >> 44 & 1) == 0; }
    unsigned dpl() const { return static_cast<unsigned>(low >> 45) & 3; }
    bool is_present() const { return (low >> 47 & 1) != 0; }
    bool is_code() const { return !is_system() && (type() & 8) != 0; }
    bool is_conforming() const { return is_code() && (type() & 4) != 0; }
    bool is_writable_data() const { return !is_system() && (type() & 0xA) == 2; }
    bool is_readable() const { return !is_system() && (type() & 0xA) != 8; }
    bool l() const { return (low >> 53 & 1) != 0; }
    bool db() const { return (low >> 54 & 1) != 0; }
    bool is_accessed() const { return (type() & 1) != 0; }
    std::uint32_t limit() const;
    Segment segment() const;  // system ones with all 64 bits of the base

    // Of gates.
    std::uint16_t target_selector() const { return static_cast<std::uint16_t>(low >> 16); }
    std::uint64_t target_offset() const;
    unsigned ist() const { return static_cast<unsigned>(low >> 32) & 7; }
    unsigned parameters() const { return static_cast<unsigned>(low >> 32) & 0x1F; }
};

inline bool is_null(std::uint16_t selector) {
    return (selector & ~3u) == 0;
}
inline unsigned rpl_of(std::uint16_t selector) {
    return selector & 3u;
}
// The error code that names a selector.
inline std::uint32_t code_of(std::uint16_t selector, std::uint32_t ext = 0) {
    return (selector & ~3u) | ext;
}
inline bool fail_with(Cpu& cpu, Vector vector, std::uint32_t code) {
    cpu.raise(vector, code);
    return false;
}

inline bool is_canonical(std::uint64_t linear) {
    return static_cast<std::int64_t>(linear << 16) >> 16 == static_cast<std::int64_t>(linear);
}

// From the GDT or the LDT; `vector` when it lies outside of the table.
std::optional<Descriptor> descriptor_of(Cpu& cpu, std::uint16_t selector, Vector vector, std::uint32_t ext = 0);
// Reads the second half of a system descriptor in long mode; elsewhere there is none.
bool complete(Cpu& cpu, Descriptor& descriptor, Vector vector, std::uint32_t ext = 0);
// Sets the accessed bit, there and in `descriptor`.
bool mark_accessed(Cpu& cpu, Descriptor& descriptor);

// A stack that pushes go to before it is certain that it becomes the CPU's.
class NewStack {
  public:
    // The one the CPU has.
    explicit NewStack(const Cpu& cpu, std::uint32_t ext = 0);
    // Of a more privileged level. code: the error code of #SS.
    NewStack(const Segment& ss, std::uint64_t rsp, bool is_64, unsigned level, std::uint32_t code);

    template <class T>
    bool push(Cpu& cpu, T value) {
        auto linear = below(cpu, sizeof(T));
        if (!linear) return false;
        if (level_ == 3 ? !cpu.store(*linear, value) : !cpu.store_system(*linear, value)) {
            cpu.failed_on_stack();
            return false;
        }
        move(0 - std::uint64_t{sizeof(T)});
        return true;
    }
    bool push(Cpu& cpu, std::uint64_t value, unsigned size) {
        return size == 8   ? push<std::uint64_t>(cpu, value)
               : size == 4 ? push<std::uint32_t>(cpu, static_cast<std::uint32_t>(value))
                           : push<std::uint16_t>(cpu, static_cast<std::uint16_t>(value));
    }
    std::uint64_t rsp() const { return rsp_; }
    const Segment& segment() const { return ss_; }

  private:
    std::optional<std::uint64_t> below(Cpu& cpu, unsigned size) const;
    void move(std::uint64_t by);

    Segment ss_;
    std::uint64_t rsp_ = 0;
    std::uint64_t mask_ = 0;
    unsigned level_ = 0;
    std::uint32_t code_ = 0;
};

// The stack that the TSS has for a level (SDM volume 3, §5.8.5), with all checks of its segment.
std::optional<NewStack> stack_from_tss(Cpu& cpu, unsigned level, std::uint32_t ext);
// The same in long mode; ist 1 to 7, or 0 for the level's own. The segment is null, or stays as it is at the same
// level.
std::optional<NewStack> stack_from_long_tss(Cpu& cpu, unsigned level, unsigned ist, std::uint32_t ext);
// CS becomes `code` at this level.
void enter_code(Cpu& cpu, const Descriptor& code, unsigned level);
// Before a return to an outer level: segments that the level may not have become null (SDM volume 3, §5.8.6).
void drop_privileged_segments(Cpu& cpu, unsigned level);
// A segment register that names nothing.
Segment null_segment(std::uint16_t selector);

}  // namespace nyx::soft
