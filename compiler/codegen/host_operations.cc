// Operations that call the host.
#include "compiler/codegen/operations.h"

namespace nyx::codegen {

using dev::ir::Op;

void add_host_operation(const Operations& at, const dev::ir::Instruction& one) {
    llvm::Type *nothing = at.builder.getVoidTy(), *number = at.builder.getInt64Ty();
    const auto call = [&](HostCall which, llvm::Type* type, bool with_value) {
        std::vector<llvm::Value*> arguments = {at.builder.getInt32(static_cast<std::uint32_t>(one.imm))};
        if (with_value) arguments.push_back(at.get(one.a));
        return call_host(at.builder, at.context, which, type, arguments);
    };
    switch (one.op) {
        case Op::kEmit:
            call(HostCall::kEmit, nothing, true);
            return;
        case Op::kQuery:
            return at.set(one, call(HostCall::kAnswer, number, true));
        case Op::kTimerArm:
            call(HostCall::kArm, nothing, true);
            return;
        case Op::kTimerCancel:
            call(HostCall::kCancel, nothing, false);
            return;
        case Op::kControl:
            call(HostCall::kAsk, nothing, true);
            return;
        case Op::kTimerRunning:
            return at.set(one, call(HostCall::kIsRunning, number, false));
        case Op::kTimerElapsed:
            return at.set(one, call(HostCall::kElapsed, number, false));
        default:
            return at.set(one, call_host(at.builder, at.context, HostCall::kWallTime, number, {}));
    }
}

}  // namespace nyx::codegen
