#include "runtime/soft/jit/llvm/copy_rules.h"

#include <llvm/Analysis/CFG.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

#include <algorithm>
#include <vector>

#include "runtime/soft/jit/llvm/cpu_place.h"
#include "runtime/soft/jit/llvm/markers.h"

namespace nyx::soft {

using llvm::Function;
using llvm::Instruction;

bool is_allowed(const Function& function, const CpuLayout& l) {
    for (const Instruction& each : llvm::instructions(function)) {
        const auto* store = llvm::dyn_cast<llvm::StoreInst>(&each);
        const auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        for (const llvm::Use& use : each.operands()) {
            if (!use->getType()->isPointerTy() || llvm::isa<llvm::GetElementPtrInst>(each)) continue;
            auto at = offset_in_cpu(use, function);
            const bool is_own = llvm::getUnderlyingObject(use) == function.getArg(0);
            if (!at && is_own && !is_in_array(use, function, l)) return false;
            if (!at) continue;
            const bool is_address = (load != nullptr) || (store != nullptr && use.getOperandNo() == 1);
            const bool in_registers = l.gpr.holds(*at) || l.flags.holds(*at);
            if (in_registers && !is_address) return false;
            if (load != nullptr &&
                (l.block.holds(*at) || l.counted_from.holds(*at) || l.instructions.holds(*at) || l.rip.holds(*at)))
                return false;
            if (load != nullptr) continue;
            const bool may_change = in_registers || l.vector.holds(*at) || l.x87.holds(*at) || l.scratch.holds(*at) ||
                                    l.slow.holds(*at) || l.stop.holds(*at) || l.exception.holds(*at);
            const auto* memory = llvm::dyn_cast<llvm::MemTransferInst>(&each);
            if (!may_change && !(memory != nullptr && use.getOperandNo() == 1)) return false;
        }
    }
    return true;
}

bool gives_up_unchanged(const Function& function) {
    std::vector<const Instruction*> writes, ends;
    for (const Instruction& each : llvm::instructions(function)) {
        const auto* call = llvm::dyn_cast<llvm::CallBase>(&each);
        const Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
        if (callee != nullptr && callee->getName() == kGiveUp) ends.push_back(&each);
        const llvm::Value* to = nullptr;
        if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(&each)) to = store->getPointerOperand();
        if (const auto* memory = llvm::dyn_cast<llvm::MemIntrinsic>(&each)) to = memory->getDest();
        if (to == nullptr) continue;
        const llvm::Value* base = llvm::getUnderlyingObject(to, 0);
        if (base != function.getArg(0) && !llvm::isa<llvm::AllocaInst>(base)) writes.push_back(&each);
    }
    return std::ranges::none_of(writes, [&](const Instruction* write) {
        return std::ranges::any_of(ends,
                                   [&](const Instruction* end) { return llvm::isPotentiallyReachable(write, end); });
    });
}

}  // namespace nyx::soft
