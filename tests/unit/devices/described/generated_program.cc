#include "generated_program.h"

namespace nyx::dev::ir {

namespace {

constexpr std::uint16_t kTemporaries = 8;

class Generator {
  public:
    explicit Generator(std::mt19937_64& random) : random_(random) {}

    Program program() {
        made_.name = "generated";
        made_.state = {{1, "flag", {TypeKind::kScalar, 1}},     {2, "byte", {TypeKind::kScalar, 8}, 0x5A},
                       {3, "odd", {TypeKind::kScalar, 13}},     {4, "wide", {TypeKind::kScalar, 64}, ~std::uint64_t{0}},
                       {5, "table", {TypeKind::kArray, 24, 5}}, {6, "bytes", {TypeKind::kFifo, 8, 3}},
                       {7, "words", {TypeKind::kFifo, 32, 4}}};
        made_.sinks = {{"tx", 8}};
        if (below(2) == 0) made_.queries = {{"ask", 32, 16}};
        made_.timers = {{1, "alarm", 1'000'000, add(0, false)}};
        made_.sources = {{"rx", 8, question(0), add(1, false)}};
        made_.lines = {{"a", question(0)}, {"b", question(0)}};
        made_.banks = {
            {"ports", Space::kPio, 32, pick(Gap::kReserved, Gap::kZeros), pick(Narrow::kReject, Narrow::kWiden)},
            {"memory", Space::kMmio, 64, Gap::kOnes, pick(Narrow::kReject, Narrow::kWiden),
             pick(std::uint8_t{15}, std::uint8_t{6})}};
        made_.settings = {{"level", 16, 0x1234}, {"wide", 64, ~std::uint64_t{1}}};
        made_.on_reset = add(0, false);
        for (unsigned i = 0; i < 12; ++i) add_register(i);
        return std::move(made_);
    }

  private:
    template <class T>
    T pick(T a, T b) {
        return random_() % 2 == 0 ? a : b;
    }
    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    std::uint16_t temporary() { return static_cast<std::uint16_t>(below(kTemporaries)); }

    std::uint32_t question(std::uint16_t parameters) {
        is_pure_ = true;
        const std::uint32_t made = add(parameters, true);
        is_pure_ = false;
        return made;
    }

    std::uint32_t add(std::uint16_t parameters, bool returns) {
        Function function{"f" + std::to_string(made_.functions.size()), parameters, kTemporaries, returns, {}};
        block(function.code, 0, 3 + below(8));
        if (returns) function.code.push_back({Op::kReturn, 64, 0, temporary()});
        made_.functions.push_back(std::move(function));
        return static_cast<std::uint32_t>(made_.functions.size() - 1);
    }

    // Jumps go to the beginning of a later instruction of the same block, or to its end.
    void block(std::vector<Instruction>& code, unsigned depth, std::uint64_t length) {
        std::vector<std::size_t> beginnings, jumps;
        for (std::uint64_t i = 0; i < length; ++i) {
            beginnings.push_back(code.size());
            const std::uint64_t kind = below(10);
            if (kind == 0 && depth < 3) {
                loop(code, depth);
            } else if (kind == 1) {
                jumps.push_back(code.size());
                const Op op = below(4) == 0 ? Op::kJump : Op::kJumpIfNot;
                code.push_back({op, 64, 0, op == Op::kJump ? std::uint16_t{0} : temporary()});
            } else {
                code.push_back(instruction());
            }
        }
        beginnings.push_back(code.size());
        for (std::size_t jump : jumps) {
            std::size_t target = 0;
            while (target <= jump) target = beginnings[below(beginnings.size())];
            code[jump].imm = target;
        }
    }

    void loop(std::vector<Instruction>& code, unsigned depth) {
        const std::size_t at = code.size();
        code.push_back({Op::kLoop, 64, temporary(), 0, 0, below(4)});
        block(code, depth + 1, 1 + below(4));
        code[at].b = static_cast<std::uint16_t>(code.size() - at - 1);
    }

    // A scalar, the array, or a fifo.
    std::uint32_t field(TypeKind kind) {
        if (kind == TypeKind::kArray) return 4;
        return static_cast<std::uint32_t>(kind == TypeKind::kScalar ? below(4) : 5 + below(2));
    }

    Instruction on_field(Op op, TypeKind kind, bool gives, bool takes_a, bool takes_b) {
        const std::uint32_t which = field(kind);
        if (op == Op::kFifoLength) takes_a = false;
        const std::uint8_t bits = op == Op::kFifoLength ? 32 : made_.state[which].type.bits;
        return {op,   bits, gives ? temporary() : zero, takes_a ? temporary() : zero, takes_b ? temporary() : zero,
                which};
    }

    Instruction question() {
        switch (below(8)) {
            case 0:
                return {Op::kConstant, 64, temporary(), 0, 0, below(3) == 0 ? random_() : below(9)};
            case 1:
                return on_field(Op::kLoad, TypeKind::kScalar, true, false, false);
            case 2:
                return on_field(Op::kLoadAt, TypeKind::kArray, true, true, false);
            case 3:
                return on_field(pick(Op::kFifoLength, Op::kFifoAt), TypeKind::kFifo, true, true, false);
            default:
                return calculation();
        }
    }

    Instruction instruction() {
        if (is_pure_ || below(3) == 0) return question();
        switch (below(8)) {
            case 0:
                return on_field(Op::kStore, TypeKind::kScalar, false, true, false);
            case 1:
                return on_field(Op::kStoreAt, TypeKind::kArray, false, true, true);
            case 2:
                return on_field(Op::kFifoPush, TypeKind::kFifo, false, true, false);
            case 3:
                return on_field(Op::kFifoPop, TypeKind::kFifo, true, true, false);
            case 4:
                return below(8) == 0 ? on_field(Op::kFifoClear, TypeKind::kFifo, false, false, false) : calculation();
            case 5:
                return outside();
            default:
                return calculation();
        }
    }

    Instruction outside() {
        switch (below(9)) {
            case 8:
                if (made_.queries.empty()) return calculation();
                return {Op::kQuery, 16, temporary(), temporary()};
            case 6:
                return {Op::kSetting, 64, temporary(), 0, 0, below(2)};
            case 7:
                return {Op::kWallTime, 64, temporary()};
            case 0:
                return {Op::kEmit, 64, 0, temporary()};
            case 1:
                return {Op::kTimerArm, 64, 0, temporary()};
            case 2:
                return {Op::kTimerCancel};
            case 3:
                return {Op::kTimerRunning, 1, temporary()};
            case 4:
                return {Op::kTimerElapsed, 64, temporary()};
            default:
                return {Op::kControl, 64, 0, temporary(), 0, below(4)};
        }
    }

    Instruction calculation() {
        const auto first = static_cast<std::uint64_t>(Op::kCopy), last = static_cast<std::uint64_t>(Op::kLess);
        const Op op = static_cast<Op>(first + below(last - first + 1));
        const auto bits = static_cast<std::uint8_t>(1 + below(64));
        return {op, bits, temporary(), temporary(), op == Op::kCopy || op == Op::kNot ? zero : temporary()};
    }

    std::uint32_t perhaps(std::uint16_t parameters, bool returns) {
        return below(3) == 0 ? add(parameters, returns) : kNone;
    }

    void add_register(unsigned number) {
        Register reg;
        reg.name = "r" + std::to_string(number);
        reg.bank = static_cast<std::uint32_t>(below(2));
        reg.width = static_cast<std::uint8_t>(1u << below(4));
        reg.stride = reg.width + static_cast<std::uint32_t>(below(2));
        reg.offset = static_cast<std::uint32_t>(below(made_.banks[reg.bank].size - reg.width));
        reg.readable = below(4) != 0;
        reg.writable = !reg.readable || below(4) != 0;
        if (below(4) == 0 && reg.offset + 2 * reg.stride + reg.width <= made_.banks[reg.bank].size) reg.count = 3;
        if (below(3) == 0) reg.guard = question(0);
        if (below(3) == 0) reg.phase = question(0);
        if (below(6) == 0) return add_by_parts(reg);
        reg.on_read = perhaps(1, true);
        reg.on_write = perhaps(3, false);
        if (below(3) != 0) add_storage(reg);
        reg.fixed_mask = below(2) == 0 ? 0 : random_() & low_bits(reg.width * 8u);
        reg.fixed = reg.fixed_mask & random_();
        reg.computed_mask = below(2) == 0 ? 0 : random_() & low_bits(reg.width * 8u);
        if (reg.computed_mask != 0) reg.computed = question(1);
        made_.registers.push_back(reg);
    }

    // Aligned, and nothing but handlers.
    void add_by_parts(Register& reg) {
        reg.by_parts = true;
        reg.offset -= reg.offset % reg.width;
        reg.stride = reg.width;
        if (reg.readable) reg.on_read = add(3, true);
        if (reg.writable) reg.on_write = add(5, false);
        made_.registers.push_back(reg);
    }

    // Each bit of the storage has one kind, or none.
    void add_storage(Register& reg) {
        const TypeKind kind = reg.count == 1 ? TypeKind::kScalar : TypeKind::kArray;
        const auto id = static_cast<std::uint32_t>(made_.state.size() + 1);
        reg.storage = id - 1;
        const auto bits = static_cast<std::uint8_t>(reg.width * 8);
        made_.state.push_back({id, reg.name, {kind, bits, reg.count}, random_() & low_bits(bits)});
        for (unsigned bit = 0; bit < bits; ++bit) {
            std::uint64_t* masks[] = {&reg.write.plain, &reg.write.one_clears, &reg.write.one_sets,
                                      &reg.write.zero_clears};
            if (const std::uint64_t which = below(6); which < 4) *masks[which] |= std::uint64_t{1} << bit;
        }
        if (below(2) == 0) reg.read_clears = random_() & low_bits(bits);
    }

    static constexpr std::uint16_t zero = 0;
    std::mt19937_64& random_;
    Program made_;
    bool is_pure_ = false;  // only instructions that change nothing
};

}  // namespace

Program generated_program(std::mt19937_64& random) {
    return Generator(random).program();
}

}  // namespace nyx::dev::ir
