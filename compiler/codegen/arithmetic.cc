// Operations on numbers alone.
#include "compiler/codegen/operations.h"

namespace nyx::codegen {

namespace {

using dev::ir::Instruction;
using dev::ir::Op;

llvm::Value* divided(const Operations& at, const Instruction& one, llvm::Value* a, llvm::Value* b) {
    llvm::IRBuilder<>& builder = at.builder;
    llvm::Value* is_zero = builder.CreateIsNull(b);
    llvm::Value* by = builder.CreateSelect(is_zero, at.number(1), b);
    if (one.op == Op::kDivide)
        return builder.CreateSelect(is_zero, at.number(~std::uint64_t{0}), builder.CreateUDiv(a, by));
    return builder.CreateSelect(is_zero, a, builder.CreateURem(a, by));
}

llvm::Value* shifted(const Operations& at, const Instruction& one, llvm::Value* a, llvm::Value* b) {
    llvm::IRBuilder<>& builder = at.builder;
    llvm::Value* is_far = builder.CreateICmpUGE(b, at.number(one.bits));
    llvm::Value* by = builder.CreateSelect(is_far, at.number(0), b);
    llvm::Value* value = one.op == Op::kShiftLeft ? builder.CreateShl(a, by) : builder.CreateLShr(a, by);
    return builder.CreateSelect(is_far, at.number(0), value);
}

llvm::Value* of_two(const Operations& at, const Instruction& one, llvm::Value* a, llvm::Value* b) {
    llvm::IRBuilder<>& builder = at.builder;
    switch (one.op) {
        case Op::kAdd:
            return builder.CreateAdd(a, b);
        case Op::kSubtract:
            return builder.CreateSub(a, b);
        case Op::kMultiply:
            return builder.CreateMul(a, b);
        case Op::kDivide:
        case Op::kRemainder:
            return divided(at, one, a, b);
        case Op::kAnd:
            return builder.CreateAnd(a, b);
        case Op::kOr:
            return builder.CreateOr(a, b);
        case Op::kXor:
            return builder.CreateXor(a, b);
        case Op::kShiftLeft:
        case Op::kShiftRight:
            return shifted(at, one, a, b);
        case Op::kEqual:
            return at.widened(builder.CreateICmpEQ(a, b));
        default:
            return at.widened(builder.CreateICmpULT(a, b));
    }
}

}  // namespace

llvm::Value* computed(const Operations& at, const Instruction& one) {
    if (one.op == Op::kConstant) return at.number(one.imm);
    if (one.op == Op::kSetting) return at.number(at.device.program.settings[one.imm].value);
    llvm::Value* a = at.get(one.a);
    if (one.op == Op::kCopy) return a;
    if (one.op == Op::kNot) return at.builder.CreateNot(a);
    return of_two(at, one, a, at.get(one.b));
}

}  // namespace nyx::codegen
