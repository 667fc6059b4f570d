// The operations on numbers (op.def), written once for whoever computes: interpreter and compiler.
#pragma once

#include <cstdint>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

// Cut to `bits`. Of an operation that is not one on numbers: a.
constexpr std::uint64_t result_of(Op op, unsigned bits, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t most = low_bits(bits);
    switch (op) {
        case Op::kAdd:
            return (a + b) & most;
        case Op::kSubtract:
            return (a - b) & most;
        case Op::kMultiply:
            return (a * b) & most;
        case Op::kDivide:
            return (b == 0 ? ~std::uint64_t{0} : a / b) & most;
        case Op::kRemainder:
            return (b == 0 ? a : a % b) & most;
        case Op::kAnd:
            return a & b & most;
        case Op::kOr:
            return (a | b) & most;
        case Op::kXor:
            return (a ^ b) & most;
        case Op::kShiftLeft:
            return b >= bits ? 0 : (a << b) & most;
        case Op::kShiftRight:
            return b >= bits ? 0 : (a >> b) & most;
        case Op::kNot:
            return ~a & most;
        case Op::kEqual:
            return a == b ? 1 : 0;
        case Op::kLess:
            return a < b ? 1 : 0;
        default:
            return a & most;
    }
}

}  // namespace nyx::dev::ir
