// The arithmetic flags, computed when somebody asks (Intel SDM volume 1, §3.4.3.1).
//
// An instruction stores its result, one operand and how they belong together; most flags are overwritten unread.
#pragma once

#include <bit>
#include <cstdint>

namespace nyx::soft {

// RFLAGS.
inline constexpr std::uint64_t kCf = 1u << 0, kPf = 1u << 2, kAf = 1u << 4, kZf = 1u << 6, kSf = 1u << 7, kTf = 1u << 8,
                               kIf = 1u << 9, kDf = 1u << 10, kOf = 1u << 11, kIopl = 3u << 12, kNt = 1u << 14,
                               kRf = 1u << 16, kVm = 1u << 17, kAc = 1u << 18, kVif = 1u << 19, kVip = 1u << 20,
                               kId = 1u << 21;
inline constexpr std::uint64_t kArithmeticFlags = kCf | kPf | kAf | kZf | kSf | kOf;

// What `result` and `source` are. r: result, b: the second operand, a: the first.
enum class FlagKind : std::uint8_t {
    kStored,  // source: all six flags
    kMixed,   // source: CF, AF and OF; the others by result
    kLogic,   // r = a & b and the like: CF, OF and AF are clear
    kAdd,     // r = a + b
    kAdc,     // r = a + b + 1
    kSub,     // r = a - b
    kSbb,     // r = a - b - 1
    kInc,     // r = a + 1; source: CF as it was
    kDec,     // r = a - 1; source: CF as it was
};

class LazyFlags {
  public:
    // T: the operands' unsigned type. result and source are taken modulo its width.
    template <class T>
    void set(FlagKind kind, T result, T source) {
        constexpr unsigned kShift = 64 - 8 * sizeof(T);
        result_ = static_cast<std::int64_t>(std::uint64_t{result} << kShift) >> kShift;
        source_ = source;
        kind_ = kind;
        shift_ = kShift;
    }
    template <class T>
    void set_logic(T result) {
        set<T>(FlagKind::kLogic, result, 0);
    }
    // ZF, SF and PF by result; the others from `flags`.
    template <class T>
    void set_mixed(T result, std::uint64_t flags) {
        set<T>(FlagKind::kMixed, result, 0);
        source_ = flags & (kCf | kAf | kOf);
    }
    void store(std::uint64_t flags) {
        kind_ = FlagKind::kStored;
        source_ = flags & kArithmeticFlags;
    }
    // Changes the flags of `mask` to those of `flags` and leaves the others. CF and OF can be changed without a look at
    // the others, which stay as lazy as they are.
    [[gnu::always_inline]] void change(std::uint64_t mask, std::uint64_t flags) {
        constexpr std::uint64_t kReplaceable = kCf | kOf;
        if (is_stored()) {
            source_ = (source_ & ~mask) | (flags & mask);
        } else if ((mask & ~kReplaceable) != 0) {
            store((all() & ~mask) | (flags & mask));
        } else {
            std::uint64_t kept = 0;
            if ((mask & kCf) == 0 && cf()) kept |= kCf;
            if ((mask & kOf) == 0 && of()) kept |= kOf;
            replaced_ = kept | (flags & mask);
            kind_ = static_cast<FlagKind>(static_cast<std::uint8_t>(kind_) | kReplaced);
        }
    }

    bool cf() const {
        switch (kind_) {
            case FlagKind::kLogic:
                return false;
            case FlagKind::kAdd:
                return top(result()) < top(source_);
            case FlagKind::kAdc:
                return top(result()) <= top(source_);
            case FlagKind::kSub:
                return top(result() + source_) < top(source_);
            case FlagKind::kSbb:
                return top(result() + source_ + 1) <= top(source_);
            default:
                return (stored() & kCf) != 0;
        }
    }
    bool of() const {
        switch (kind_) {
            case FlagKind::kLogic:
                return false;
            case FlagKind::kAdd:
                return sign(~((result() - source_) ^ source_) & (source_ ^ result()));
            case FlagKind::kAdc:
                return sign(~((result() - source_ - 1) ^ source_) & (source_ ^ result()));
            case FlagKind::kSub:
                return sign(((result() + source_) ^ source_) & ((result() + source_) ^ result()));
            case FlagKind::kSbb:
                return sign(((result() + source_ + 1) ^ source_) & ((result() + source_ + 1) ^ result()));
            case FlagKind::kInc:
                return top(result()) == std::uint64_t{1} << 63;
            case FlagKind::kDec:
                return top(result() + 1) == std::uint64_t{1} << 63;
            default:
                return (stored() & kOf) != 0;
        }
    }
    bool af() const {
        switch (static_cast<FlagKind>(static_cast<std::uint8_t>(kind_) & ~kReplaced)) {
            case FlagKind::kLogic:
                return false;
            case FlagKind::kAdd:
                return half((result() - source_) ^ source_ ^ result());
            case FlagKind::kAdc:
                return half((result() - source_ - 1) ^ source_ ^ result());
            case FlagKind::kSub:
                return half((result() + source_) ^ source_ ^ result());
            case FlagKind::kSbb:
                return half((result() + source_ + 1) ^ source_ ^ result());
            case FlagKind::kInc:
                return half((result() - 1) ^ result());
            case FlagKind::kDec:
                return half((result() + 1) ^ result());
            default:
                return (source_ & kAf) != 0;
        }
    }
    bool zf() const { return is_stored() ? (source_ & kZf) != 0 : result_ == 0; }
    bool sf() const { return is_stored() ? (source_ & kSf) != 0 : result_ < 0; }
    bool pf() const {
        return is_stored() ? (source_ & kPf) != 0 : std::popcount(static_cast<std::uint8_t>(result_)) % 2 == 0;
    }
    std::uint64_t all() const {
        if (is_stored()) return source_;
        return (cf() ? kCf : 0) | (pf() ? kPf : 0) | (af() ? kAf : 0) | (zf() ? kZf : 0) | (sf() ? kSf : 0) |
               (of() ? kOf : 0);
    }

    // The condition of Jcc, SETcc and CMOVcc, by the low four bits of the opcode (SDM volume 1, appendix B).
    template <unsigned kCode>
    bool holds() const {
        bool yes = false;
        constexpr unsigned kPair = kCode / 2;
        if constexpr (kPair == 0) yes = of();
        if constexpr (kPair == 1) yes = cf();
        if constexpr (kPair == 2) yes = zf();
        if constexpr (kPair == 3) yes = cf() || zf();
        if constexpr (kPair == 4) yes = sf();
        if constexpr (kPair == 5) yes = pf();
        if constexpr (kPair == 6) yes = less();
        if constexpr (kPair == 7) yes = zf() || less();
        return yes != (kCode % 2 != 0);
    }

  private:
    // In kind_, which is then none of FlagKind: CF and OF are those of replaced_.
    static constexpr std::uint8_t kReplaced = 0x80;

    std::uint64_t stored() const { return (static_cast<std::uint8_t>(kind_) & kReplaced) != 0 ? replaced_ : source_; }
    std::uint64_t result() const { return static_cast<std::uint64_t>(result_); }
    bool is_stored() const { return kind_ == FlagKind::kStored; }
    std::uint64_t top(std::uint64_t value) const { return value << shift_; }
    bool sign(std::uint64_t value) const { return static_cast<std::int64_t>(top(value)) < 0; }
    static bool half(std::uint64_t value) { return (value & 0x10) != 0; }
    bool less() const { return sf() != of(); }

    std::int64_t result_ = 1;  // sign-extended
    std::uint64_t source_ = 0;
    std::uint64_t replaced_ = 0;
    FlagKind kind_ = FlagKind::kStored;
    std::uint8_t shift_ = 0;  // 64 minus the operands' width
};

}  // namespace nyx::soft
