#include "runtime/soft/jit/llvm/constants.h"

#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>

#include <cstring>

#include "runtime/soft/jit/llvm/cpu_place.h"

namespace nyx::soft {

using llvm::Function;
using llvm::Instruction;

// What stands in the Op at an address, or offset, which is one of several: chosen in the same way, in front of
// `before`. Null: it is none of these.
llvm::Value* OpFields::at(llvm::Value* place, llvm::Type* type, Instruction* before, std::uint64_t added,
                          unsigned depth) const {
    if (depth > 4) return nullptr;  // of a loop, most likely
    const llvm::DataLayout& layout = op_.getParent()->getDataLayout();
    llvm::APInt offset(64, added);
    auto constant = [&] { return llvm::ConstantFoldLoadFromConst(op_.getInitializer(), type, offset, layout); };
    if (auto* number = llvm::dyn_cast<llvm::ConstantInt>(place)) {
        offset += number->getZExtValue();
        return constant();
    }
    if (place->getType()->isPointerTy()) {
        place = place->stripAndAccumulateConstantOffsets(layout, offset, true);
        if (place == &op_) return constant();
        auto* gep = llvm::dyn_cast<llvm::GEPOperator>(place);
        if (gep != nullptr && gep->getPointerOperand() == &op_ && gep->getNumIndices() == 1 &&
            gep->getSourceElementType()->isIntegerTy(8))
            return at(gep->getOperand(1), type, before, offset.getZExtValue(), depth + 1);
    }
    if (auto* select = llvm::dyn_cast<llvm::SelectInst>(place)) {
        llvm::Value* yes = at(select->getTrueValue(), type, before, offset.getZExtValue(), depth + 1);
        llvm::Value* no = at(select->getFalseValue(), type, before, offset.getZExtValue(), depth + 1);
        if (yes == nullptr || no == nullptr) return nullptr;
        return llvm::SelectInst::Create(select->getCondition(), yes, no, "", before->getIterator());
    }
    auto* phi = llvm::dyn_cast<llvm::PHINode>(place);
    if (phi == nullptr || phi->getParent() == &phi->getFunction()->getEntryBlock()) return nullptr;
    std::vector<llvm::Value*> values;
    for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
        Instruction* end = phi->getIncomingBlock(i)->getTerminator();
        values.push_back(at(phi->getIncomingValue(i), type, end, offset.getZExtValue(), depth + 1));
        if (values.back() == nullptr) return nullptr;
    }
    auto* made = llvm::PHINode::Create(type, phi->getNumIncomingValues(), "", phi->getIterator());
    for (unsigned i = 0; i < values.size(); ++i) made->addIncoming(values[i], phi->getIncomingBlock(i));
    return made;
}

// A compiler likes to make one load of two: of whichever field it is to be.
void OpFields::fold(Function& function) const {
    for (Instruction& each : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (load == nullptr || offset_in_cpu(load->getPointerOperand(), function)) continue;
        llvm::Value* value = at(load->getPointerOperand(), load->getType(), load, 0, 0);
        if (value == nullptr) continue;
        load->replaceAllUsesWith(value);
        load->eraseFromParent();
    }
}

// A load of one of two fields of the Cpu becomes two loads: where a field is must be known, see copy_rules.h.
void split_choices(Function& function) {
    for (Instruction& each : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (load == nullptr) continue;
        auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(load->getPointerOperand());
        const bool by_offset = gep != nullptr && gep->getNumIndices() == 1;
        auto* choice = llvm::dyn_cast<llvm::SelectInst>(by_offset ? gep->getOperand(1) : load->getPointerOperand());
        if (choice == nullptr) continue;
        llvm::IRBuilder<> at(load);
        auto load_of = [&](llvm::Value* chosen) -> llvm::Value* {
            if (by_offset) chosen = at.CreateGEP(gep->getSourceElementType(), gep->getPointerOperand(), chosen);
            return at.CreateLoad(load->getType(), chosen);
        };
        auto in_cpu = [&](llvm::Value* chosen) {
            return by_offset ? llvm::isa<llvm::ConstantInt>(chosen) && offset_in_cpu(gep->getPointerOperand(), function)
                             : offset_in_cpu(chosen, function).has_value();
        };
        if (!in_cpu(choice->getTrueValue()) || !in_cpu(choice->getFalseValue())) continue;
        llvm::Value* yes = load_of(choice->getTrueValue());
        load->replaceAllUsesWith(at.CreateSelect(choice->getCondition(), yes, load_of(choice->getFalseValue())));
        load->eraseFromParent();
        if (by_offset && gep->use_empty()) gep->eraseFromParent();
        if (choice->use_empty()) choice->eraseFromParent();
    }
}

void fold_mode(Function& function, CodeMode mode, const CpuLayout& cpu) {
    for (Instruction& each : llvm::make_early_inc_range(llvm::instructions(function))) {
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (load == nullptr || !load->getType()->isIntegerTy()) continue;
        auto at = offset_in_cpu(load->getPointerOperand(), function);
        if (!at || !cpu.mode.holds(*at)) continue;
        std::uint64_t value = 0;
        std::memcpy(&value, reinterpret_cast<const std::uint8_t*>(&mode) + (*at - cpu.mode.offset),
                    load->getType()->getIntegerBitWidth() / 8);
        load->replaceAllUsesWith(llvm::ConstantInt::get(load->getType(), value));
        load->eraseFromParent();
    }
}

}  // namespace nyx::soft
