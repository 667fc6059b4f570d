#include "devices/ir/verify_function.h"

#include "devices/ir/verify.h"

namespace nyx::dev::ir {

namespace {

constexpr std::size_t kMaxCode = 16384;
constexpr unsigned kMaxTemporaries = 4096;
constexpr unsigned kMaxNesting = 16;

// What an instruction names in each of its places.
enum Part : unsigned {
    kDst = 1,
    kA = 2,
    kB = 4,
    kScalar = 8,
    kArray = 16,
    kFifo = 32,
    kSink = 64,
    kTimer = 128,
    kSetting = 256,
    kQuery = 512
};

unsigned parts_of(Op op) {
    switch (op) {
        case Op::kConstant:
        case Op::kLoop:
        case Op::kWallTime:
            return kDst;
        case Op::kSetting:
            return kDst | kSetting;
        case Op::kCopy:
        case Op::kNot:
            return kDst | kA;
        case Op::kAdd:
        case Op::kSubtract:
        case Op::kMultiply:
        case Op::kDivide:
        case Op::kRemainder:
        case Op::kAnd:
        case Op::kOr:
        case Op::kXor:
        case Op::kShiftLeft:
        case Op::kShiftRight:
        case Op::kEqual:
        case Op::kLess:
            return kDst | kA | kB;
        case Op::kLoad:
            return kDst | kScalar;
        case Op::kStore:
            return kA | kScalar;
        case Op::kLoadAt:
            return kDst | kA | kArray;
        case Op::kStoreAt:
            return kA | kB | kArray;
        case Op::kFifoLength:
            return kDst | kFifo;
        case Op::kFifoPush:
            return kA | kFifo;
        case Op::kFifoPop:
        case Op::kFifoAt:
            return kDst | kA | kFifo;
        case Op::kFifoClear:
            return kFifo;
        case Op::kJump:
            return 0;
        case Op::kJumpIfNot:
        case Op::kControl:
            return kA;
        case Op::kEmit:
            return kA | kSink;
        case Op::kQuery:
            return kDst | kA | kQuery;
        case Op::kTimerArm:
            return kA | kTimer;
        case Op::kTimerCancel:
            return kTimer;
        case Op::kTimerRunning:
        case Op::kTimerElapsed:
            return kDst | kTimer;
        case Op::kReturn:
            return kA;
    }
    return 0;
}

class FunctionVerifier {
  public:
    FunctionVerifier(const Program& program, const Function& function) : program_(program), function_(function) {}

    Status run() {
        if (function_.temporaries > kMaxTemporaries || function_.parameters > function_.temporaries)
            return wrong("has {} temporaries", function_.temporaries);
        if (function_.code.size() > kMaxCode) return wrong("has {} instructions", function_.code.size());
        for (std::size_t at = 0; at < function_.code.size(); ++at) NYX_TRY(check(at));
        NYX_ASSIGN(std::uint64_t steps, steps_of(0, function_.code.size(), 0));
        if (steps > kMaxSteps) return wrong("may take {} steps", steps);
        if (function_.returns && !ends_by_return()) return wrong("may end without a value");
        return {};
    }

  private:
    template <class... Args>
    tl::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) const {
        return fail(ErrorCode::kCorrupt, "device program: function {} {}", function_.name,
                    fmt::format(format, std::forward<Args>(args)...));
    }

    Status check(std::size_t at) const {
        const Instruction& one = function_.code[at];
        if (static_cast<std::size_t>(one.op) > static_cast<std::size_t>(Op::kReturn))
            return wrong("has an unknown instruction at {}", at);
        const bool gives_nothing = one.op == Op::kReturn && !function_.returns;
        const unsigned parts = gives_nothing ? 0 : parts_of(one.op);
        const auto has = [&](unsigned part, std::uint16_t temporary) {
            return (parts & part) == 0 ? temporary == 0 : temporary < function_.temporaries;
        };
        const bool is_b_good = one.op == Op::kLoop || has(kB, one.b);
        if (!has(kDst, one.dst) || !has(kA, one.a) || !is_b_good)
            return wrong("uses a temporary it does not have at {}", at);
        if (one.bits < 1 || one.bits > 64) return wrong("works with {} bits at {}", one.bits, at);
        if (!names_something(one, parts)) return wrong("names what is not there, or of another kind, at {}", at);
        return {};
    }

    bool names_something(const Instruction& one, unsigned parts) const {
        if ((parts & kSink) != 0) return one.imm < program_.sinks.size();
        if ((parts & kQuery) != 0)
            return one.imm < program_.queries.size() && one.bits == program_.queries[one.imm].bits;
        if ((parts & kTimer) != 0) return one.imm < program_.timers.size();
        if ((parts & kSetting) != 0) return one.imm < program_.settings.size();
        if (one.op == Op::kControl) return one.imm <= static_cast<std::uint64_t>(Control::kPanicked);
        if ((parts & (kScalar | kArray | kFifo)) == 0) return true;
        if (one.imm >= program_.state.size()) return false;
        const Type& type = program_.state[one.imm].type;
        const unsigned kinds[] = {kScalar, kArray, kFifo};
        const bool is_wide_enough = one.op == Op::kFifoLength ? one.bits >= 17 : one.bits == type.bits;
        return (parts & kinds[static_cast<std::size_t>(type.kind)]) != 0 && is_wide_enough;
    }

    // At most so many instructions run from begin to end. Jumps stay inside, so a loop's body is counted alone.
    Result<std::uint64_t> steps_of(std::size_t begin, std::size_t end, unsigned nesting) const {
        if (nesting > kMaxNesting) return wrong("nests loops {} deep", nesting);
        std::uint64_t steps = 0;
        for (std::size_t at = begin; at < end; ++at, ++steps) {
            const Instruction& one = function_.code[at];
            const bool is_jump = one.op == Op::kJump || one.op == Op::kJumpIfNot;
            if (is_jump && (one.imm <= at || one.imm > end)) return wrong("jumps back or out of a loop at {}", at);
            if (is_jump && enters_loop(at + 1, one.imm)) return wrong("jumps into a loop at {}", at);
            if (one.op != Op::kLoop) continue;
            if (one.b > end - at - 1 || one.imm > kMaxSteps) return wrong("has a loop without end at {}", at);
            NYX_ASSIGN(std::uint64_t body, steps_of(at + 1, at + 1 + one.b, nesting + 1));
            steps += (body + 1) * one.imm;
            if (steps > kMaxSteps) return wrong("may take more than {} steps", kMaxSteps);
            at += one.b;
        }
        return steps;
    }

    // Whether `target` is inside the body of a loop that begins between `from` and it.
    bool enters_loop(std::size_t from, std::size_t target) const {
        for (std::size_t at = from; at < target; ++at) {
            if (function_.code[at].op != Op::kLoop) continue;
            const std::size_t end = at + 1 + function_.code[at].b;
            if (target < end) return true;
            at = end - 1;
        }
        return false;
    }

    // The last instruction outside loops is a Return, and nothing jumps behind it.
    bool ends_by_return() const {
        const std::vector<Instruction>& code = function_.code;
        bool is_return = false;
        for (std::size_t at = 0; at < code.size(); ++at) {
            const bool is_jump = code[at].op == Op::kJump || code[at].op == Op::kJumpIfNot;
            if (is_jump && code[at].imm == code.size()) return false;
            is_return = code[at].op == Op::kReturn;
            if (code[at].op == Op::kLoop) at += code[at].b;
        }
        return is_return;
    }

    const Program& program_;
    const Function& function_;
};

}  // namespace

Status verify_function(const Program& program, const Function& function) {
    return FunctionVerifier(program, function).run();
}

}  // namespace nyx::dev::ir
