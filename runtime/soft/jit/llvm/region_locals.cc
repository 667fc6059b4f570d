// The second half of RegionBuilder: what the copies read and write of the Cpu becomes local variables.
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

#include "runtime/soft/jit/llvm/cpu_place.h"
#include "runtime/soft/jit/llvm/region_builder.h"

namespace nyx::soft {

using llvm::BasicBlock;
using llvm::Instruction;

void RegionBuilder::use_local(Instruction& access, llvm::Value* pointer, unsigned operand) {
    auto at = offset_in_cpu(pointer, *region_);
    if (!at) return;
    at_.SetInsertPoint(&access);
    const bool is_store = llvm::isa<llvm::StoreInst>(access);
    if (layout_.gpr.holds(*at)) {
        const std::size_t number = (*at - layout_.gpr.offset) / 8;
        access.setOperand(operand, at_.CreateConstGEP1_64(at_.getInt8Ty(), registers_[number], *at % 8));
        is_written_[number] = is_written_[number] || is_store;
    } else if (layout_.flags.holds(*at)) {
        access.setOperand(operand, at_.CreateConstGEP1_64(at_.getInt8Ty(), flags_, *at - layout_.flags.offset));
        flags_written_ = flags_written_ || is_store;
    } else if (layout_.tlb.holds(*at) && !is_store) {
        access.replaceAllUsesWith(tlb_);
        access.eraseFromParent();
    } else if (layout_.stop.holds(*at) || layout_.exception.holds(*at) || layout_.slow.holds(*at)) {
        // The interpreter will raise it, or do it slowly.
        if (!is_store) access.replaceAllUsesWith(llvm::Constant::getNullValue(access.getType()));
        access.eraseFromParent();
    }
}

void RegionBuilder::use_locals() {
    for (BasicBlock& block : *region_) {
        if (&block == &region_->getEntryBlock()) continue;
        for (Instruction& each : llvm::make_early_inc_range(block)) {
            if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&each))
                use_local(each, load->getPointerOperand(), llvm::LoadInst::getPointerOperandIndex());
            else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&each))
                use_local(each, store->getPointerOperand(), llvm::StoreInst::getPointerOperandIndex());
        }
    }
}

// One place for all ways out: most of what they leave behind is in the same registers.
void RegionBuilder::write_back() {
    exit_->getTerminator()->eraseFromParent();
    at_.SetInsertPoint(exit_);
    at_.CreateStore(load_counter(), in_cpu(layout_.instructions.offset));
    at_.CreateStore(at_.CreateLoad(word_, target_), in_cpu(layout_.rip.offset));
    for (std::size_t i = 0; i < registers_.size(); ++i)
        if (is_written_[i]) at_.CreateStore(at_.CreateLoad(word_, registers_[i]), in_cpu(layout_.gpr.offset + 8 * i));
    for (unsigned i = 0; flags_written_ && i < layout_.flags.size; i += 8)
        at_.CreateStore(at_.CreateLoad(word_, at_.CreateConstGEP1_64(at_.getInt8Ty(), flags_, i)),
                        in_cpu(layout_.flags.offset + i));
    at_.CreateRetVoid();
}

// Other CPUs and devices see guest memory: each access happens, once, in order. The TLB stays what it is.
void RegionBuilder::mark_guest_accesses() {
    for (Instruction& each : llvm::instructions(*region_)) {
        const llvm::Value* pointer = llvm::getLoadStorePointerOperand(&each);
        if (auto* memory = llvm::dyn_cast<llvm::MemTransferInst>(&each)) {
            memory->setVolatile(at_.getTrue());
            continue;
        }
        if (pointer == nullptr) continue;
        const llvm::Value* base = llvm::getUnderlyingObject(pointer, 0);
        auto* load = llvm::dyn_cast<llvm::LoadInst>(&each);
        if (base == tlb_ && load != nullptr)
            load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(context_, {}));
        if (base == cpu_ || base == tlb_ || llvm::isa<llvm::AllocaInst>(base) || llvm::isa<llvm::GlobalValue>(base))
            continue;
        if (load != nullptr) load->setVolatile(true);
        if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&each)) store->setVolatile(true);
    }
}

}  // namespace nyx::soft
