// Makes constants of what the copy of a template reads of its instruction and of the CPU's mode.
#pragma once

#include <llvm/IR/Function.h>
#include <llvm/IR/GlobalVariable.h>

#include "runtime/soft/block.h"
#include "runtime/soft/cpu_layout.h"

namespace nyx::soft {

// Of an Op that is a constant of the module.
class OpFields {
  public:
    explicit OpFields(llvm::GlobalVariable& op) : op_(op) {}
    // Loads of one of several fields. Those of one have been folded by who made the copy.
    void fold(llvm::Function& copy) const;

  private:
    llvm::Value* at(llvm::Value* place, llvm::Type* type, llvm::Instruction* before, std::uint64_t added,
                    unsigned depth) const;

    llvm::GlobalVariable& op_;
};

void split_choices(llvm::Function& copy);
void fold_mode(llvm::Function& copy, CodeMode mode, const CpuLayout& cpu);

}  // namespace nyx::soft
