#include "runtime/soft/jit/llvm/cpu_place.h"

#include <llvm/ADT/MapVector.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>

namespace nyx::soft {

using llvm::Function;

std::optional<std::uint64_t> offset_in_cpu(const llvm::Value* pointer, const Function& function) {
    const llvm::DataLayout& layout = function.getParent()->getDataLayout();
    llvm::APInt offset(64, 0);
    const llvm::Value* base = pointer->stripAndAccumulateConstantOffsets(layout, offset, true);
    if (base != function.getArg(0)) return std::nullopt;
    return offset.getZExtValue();
}

bool is_in_array(const llvm::Value* pointer, const Function& function, const CpuLayout& cpu) {
    const llvm::DataLayout& layout = function.getParent()->getDataLayout();
    llvm::APInt start(64, 0);
    while (auto* gep = llvm::dyn_cast<llvm::GEPOperator>(pointer)) {
        llvm::MapVector<llvm::Value*, llvm::APInt> variable;
        if (!gep->collectOffset(layout, 64, variable, start)) return false;
        pointer = gep->getPointerOperand();
    }
    const std::uint64_t at = start.getZExtValue();
    return pointer == function.getArg(0) && (cpu.vector.holds(at) || cpu.x87.holds(at));
}

}  // namespace nyx::soft
