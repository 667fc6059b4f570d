#include "compiler/codegen/device_entry.h"

#include "compiler/codegen/blocks.h"

namespace nyx::codegen {

// Whoever takes the device away has this thread pass a barrier between the two, so a compiler's fence is enough.
void DeviceEntry::enter() {
    say_inside(context_field(builder_, context_, ContextField::kGate));
    builder_.CreateFence(llvm::AtomicOrdering::SequentiallyConsistent, llvm::SyncScope::SingleThread);
    llvm::Value* is_another = builder_.CreateICmpNE(owner(), vcpu());
    llvm::BasicBlock *owned = builder_.GetInsertBlock(), *shared = new_block(builder_, "shared");
    llvm::BasicBlock* inside = new_block(builder_, "inside");
    builder_.CreateCondBr(is_another, shared, inside, seldom(builder_));
    builder_.SetInsertPoint(shared);
    say_inside(nullptr);
    call(ExitCall::kLock);
    builder_.CreateBr(inside);
    builder_.SetInsertPoint(inside);
    has_lock_ = builder_.CreatePHI(builder_.getInt1Ty(), 2);
    has_lock_->addIncoming(builder_.getFalse(), owned);
    has_lock_->addIncoming(builder_.getTrue(), shared);
}

// With the lock it has said so already, and says it once more for want of a branch.
void DeviceEntry::leave() {
    say_inside(nullptr);
    when(builder_, has_lock_, [&] { call(ExitCall::kUnlock); }, seldom(builder_));
}

llvm::Value* DeviceEntry::vcpu() {
    return caller_field(builder_, function_.getArg(1), CallerField::kVcpu);
}

// gate: null for nowhere. Whoever sees it sees what was done inside the device before.
void DeviceEntry::say_inside(llvm::Value* gate) {
    if (gate == nullptr) gate = llvm::ConstantPointerNull::get(builder_.getPtrTy());
    builder_.CreateAlignedStore(gate, vcpu(), llvm::Align(8))->setAtomic(llvm::AtomicOrdering::Release);
}

llvm::Value* DeviceEntry::owner() {
    auto* owner = builder_.CreateAlignedLoad(builder_.getPtrTy(),
                                             context_field(builder_, context_, ContextField::kGate), llvm::Align(8));
    owner->setAtomic(llvm::AtomicOrdering::Acquire);
    return owner;
}

void DeviceEntry::call(ExitCall which) {
    call_exit_host(builder_, function_.getArg(0), which, builder_.getVoidTy(),
                   {function_.getArg(1), builder_.getInt32(device_)});
}

}  // namespace nyx::codegen
