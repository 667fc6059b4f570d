// Basic blocks and branches, as several of the generated functions need them.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/MDBuilder.h>

namespace nyx::codegen {

// A new block of the function that is being built.
inline llvm::BasicBlock* new_block(llvm::IRBuilder<>& builder, const char* name) {
    return llvm::BasicBlock::Create(builder.getContext(), name, builder.GetInsertBlock()->getParent());
}

// For a branch whose first way is seldom taken.
inline llvm::MDNode* seldom(llvm::IRBuilder<>& builder) {
    return llvm::MDBuilder(builder.getContext()).createBranchWeights(1, 2000);
}

// `inside` where the condition holds. weights: seldom(); null: nothing is known.
template <class Inside>
void when(llvm::IRBuilder<>& builder, llvm::Value* condition, Inside inside, llvm::MDNode* weights = nullptr) {
    llvm::BasicBlock *then = new_block(builder, "then"), *after = new_block(builder, "after");
    builder.CreateCondBr(condition, then, after, weights);
    builder.SetInsertPoint(then);
    inside();
    builder.CreateBr(after);
    builder.SetInsertPoint(after);
}

}  // namespace nyx::codegen
