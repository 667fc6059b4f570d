#include "runtime/soft/jit/llvm/region_builder.h"

#include <llvm/IR/InstIterator.h>
#include <llvm/Transforms/Utils/Local.h>

#include "runtime/soft/jit/llvm/markers.h"

namespace nyx::soft {

using llvm::BasicBlock;
using llvm::CallInst;
using llvm::Function;
using llvm::Instruction;

RegionBuilder::RegionBuilder(Templates& templates, const GuestCode& code)
    : templates_(templates),
      code_(code),
      layout_(templates.layout()),
      context_(templates.module().getContext()),
      at_(context_),
      word_(llvm::Type::getInt64Ty(context_)),
      joints_(code.blocks().size()) {}

BasicBlock* RegionBuilder::new_block(const llvm::Twine& name) {
    return BasicBlock::Create(context_, name, region_);
}

llvm::Value* RegionBuilder::in_cpu(std::uint64_t offset) {
    return at_.CreateConstGEP1_64(at_.getInt8Ty(), cpu_, offset);
}

Function* RegionBuilder::build() {
    auto* type = llvm::FunctionType::get(at_.getVoidTy(), {at_.getPtrTy()}, false);
    region_ = Function::Create(type, llvm::GlobalValue::ExternalLinkage, "nyx_region", templates_.module());
    region_->addFnAttr(llvm::Attribute::NoUnwind);
    cpu_ = region_->getArg(0);
    make_entry();
    place_ops();
    if (!connect()) {
        region_->eraseFromParent();
        return nullptr;
    }
    use_locals();
    write_back();
    mark_guest_accesses();
    return region_;
}

void RegionBuilder::make_entry() {
    at_.SetInsertPoint(new_block("entry"));
    for (std::size_t i = 0; i < registers_.size(); ++i) registers_[i] = at_.CreateAlloca(word_);
    flags_ = at_.CreateAlloca(llvm::ArrayType::get(at_.getInt64Ty(), (layout_.flags.size + 7) / 8));
    executed_ = at_.CreateAlloca(word_);
    target_ = at_.CreateAlloca(word_);
    for (std::size_t i = 0; i + 1 < registers_.size(); ++i)
        at_.CreateStore(at_.CreateLoad(word_, in_cpu(layout_.gpr.offset + 8 * i)), registers_[i]);
    at_.CreateStore(at_.getInt64(0), registers_.back());
    for (unsigned i = 0; i < layout_.flags.size; i += 8)
        at_.CreateStore(at_.CreateLoad(word_, in_cpu(layout_.flags.offset + i)),
                        at_.CreateConstGEP1_64(at_.getInt8Ty(), flags_, i));
    at_.CreateStore(at_.CreateLoad(word_, in_cpu(layout_.instructions.offset)), executed_);
    end_ = at_.CreateLoad(word_, in_cpu(layout_.chain_end.offset));
    tlb_ = at_.CreateLoad(at_.getPtrTy(), in_cpu(layout_.tlb.offset));
    exit_ = new_block("exit");
    new llvm::UnreachableInst(context_, exit_);  // until write_back()
    for (Joint& joint : joints_) {
        auto block = static_cast<std::size_t>(&joint - joints_.data());
        joint.dispatch = new_block("dispatch");
        joint.leaves.resize(code_.blocks()[block].ops.size());
        for (std::size_t i = 0; i < joint.leaves.size(); ++i) joint.ops.push_back(new_block("op"));
        if (code_.blocks()[block].is_checked) joint.check = new_block("check");
    }
    at_.CreateBr(joints_[0].ops[0]);
}

void RegionBuilder::place_ops() {
    for (std::size_t b = 0; b < joints_.size(); ++b) {
        for (std::size_t i = 0; i < joints_[b].ops.size(); ++i) {
            Function* code = code_.blocks()[b].ops[i].code;
            BasicBlock* to = code == nullptr ? leave_at(b, i) : take_in(*code);
            llvm::BranchInst::Create(to, joints_[b].ops[i]);
        }
    }
}

// The copy's blocks become the region's: nobody else wants them. Gives the first one.
BasicBlock* RegionBuilder::take_in(Function& copy) {
    copy.getArg(0)->replaceAllUsesWith(cpu_);
    BasicBlock *first = &copy.getEntryBlock(), *entry = &region_->getEntryBlock();
    for (Instruction& each : llvm::make_early_inc_range(*first))
        if (llvm::isa<llvm::AllocaInst>(each)) each.moveBefore(*entry, entry->getFirstInsertionPt());
    region_->splice(region_->end(), &copy);
    return first;
}

// Puts a branch in place of a marker and what follows it.
void RegionBuilder::cut_at(CallInst& marker, BasicBlock* to) {
    BasicBlock* here = marker.getParent();
    BasicBlock* rest = here->splitBasicBlock(marker.getIterator());
    here->getTerminator()->eraseFromParent();
    llvm::BranchInst::Create(to, here);
    marker.eraseFromParent();
    (void)rest;  // nothing leads there any more
}

void RegionBuilder::connect_one(CallInst& marker) {
    llvm::StringRef name = marker.getCalledFunction()->getName();
    const auto number = llvm::cast<llvm::ConstantInt>(marker.getArgOperand(0))->getZExtValue();
    const auto [block, op] = code_.place(static_cast<unsigned>(number));
    if (name == kJump) {
        new llvm::StoreInst(marker.getArgOperand(1), target_, marker.getIterator());
        return cut_at(marker, joints_[block].dispatch);
    }
    cut_at(marker, name == kGoOn ? joints_[block].ops[op + 1] : leave_at(block, op));
}

bool RegionBuilder::connect() {
    std::vector<CallInst*> markers;
    for (Instruction& each : llvm::instructions(*region_)) {
        auto* call = llvm::dyn_cast<CallInst>(&each);
        const Function* callee = call == nullptr ? nullptr : call->getCalledFunction();
        if (callee == nullptr) continue;
        if (callee->getName() == kGoOn || callee->getName() == kGiveUp || callee->getName() == kJump)
            markers.push_back(call);
    }
    for (CallInst* marker : markers) connect_one(*marker);
    for (std::size_t i = 0; i < joints_.size(); ++i) fill_dispatch(i);
    for (std::size_t i = 0; i < joints_.size(); ++i) fill_check(i);
    llvm::removeUnreachableBlocks(*region_);
    // A copy that returns has not said how it goes on.
    return llvm::none_of(*region_,
                         [](BasicBlock& block) { return llvm::isa<llvm::ReturnInst>(block.getTerminator()); });
}

// Where the interpreter would go on at `instructions` after the start of the block.
void RegionBuilder::leave(llvm::Value* rip, std::uint64_t instructions) {
    at_.CreateStore(at_.CreateAdd(load_counter(), at_.getInt64(instructions)), executed_);
    at_.CreateStore(rip, target_);
    at_.CreateBr(exit_);
}

BasicBlock* RegionBuilder::leave_at(std::size_t block, std::size_t op) {
    BasicBlock*& made = joints_[block].leaves[op];
    if (made != nullptr) return made;
    made = new_block("leave");
    llvm::IRBuilder<>::InsertPointGuard guard(at_);
    at_.SetInsertPoint(made);
    leave(at_.getInt64(code_.blocks()[block].ops[op].rip), op);
    return made;
}

BasicBlock* RegionBuilder::edge_to(std::uint64_t target) {
    if (auto block = code_.block_at(target)) {
        Joint& joint = joints_[*block];
        return joint.check != nullptr ? joint.check : joint.ops[0];
    }
    BasicBlock* out = new_block("out");
    llvm::IRBuilder<>::InsertPointGuard guard(at_);
    at_.SetInsertPoint(out);
    leave(at_.getInt64(target), 0);
    return out;
}

// By where the jump goes. The last of the known targets needs no comparison unless there may be others.
void RegionBuilder::fill_dispatch(std::size_t number) {
    const GuestBlock& block = code_.blocks()[number];
    at_.SetInsertPoint(joints_[number].dispatch);
    at_.CreateStore(at_.CreateAdd(load_counter(), at_.getInt64(block.instructions())), executed_);
    std::vector<std::uint64_t> targets = block.targets;
    if (block.jumps_anywhere)
        for (std::size_t site : code_.return_sites()) targets.push_back(code_.blocks()[site].rip);
    llvm::Value* target = at_.CreateLoad(word_, target_);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (i + 1 == targets.size() && !block.jumps_anywhere) {
            at_.CreateBr(edge_to(targets[i]));
            return;
        }
        BasicBlock* others = new_block("others");
        at_.CreateCondBr(at_.CreateICmpEQ(target, at_.getInt64(targets[i])), edge_to(targets[i]), others);
        at_.SetInsertPoint(others);
    }
    leave(target, 0);
}

void RegionBuilder::fill_check(std::size_t number) {
    Joint& joint = joints_[number];
    if (joint.check == nullptr) return;
    at_.SetInsertPoint(joint.check);
    llvm::Value* wanted =
        at_.CreateAlignedLoad(at_.getInt32Ty(), in_cpu(layout_.attention.offset), llvm::Align(4), true);
    llvm::Value* last = at_.CreateAdd(load_counter(), at_.getInt64(code_.blocks()[number].longest));
    llvm::Value* has_room = at_.CreateICmpULE(last, end_);
    llvm::Value* goes_on = at_.CreateAnd(has_room, at_.CreateICmpEQ(wanted, at_.getInt32(0)));
    at_.CreateCondBr(goes_on, joint.ops[0], leave_at(number, 0));
}

}  // namespace nyx::soft
