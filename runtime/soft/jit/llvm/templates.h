// The instructions of the interpreter as LLVM functions, to be copied with a decoded instruction's operands filled in.
#pragma once

#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>

#include <memory>
#include <optional>
#include <unordered_map>

#include "runtime/soft/block.h"
#include "runtime/soft/cpu_layout.h"
#include "runtime/soft/op.h"

namespace nyx::soft {

class Templates {
  public:
    explicit Templates(const CpuLayout& layout);
    llvm::Module& module() { return *module_; }
    const CpuLayout& layout() const { return layout_; }

    // void(ptr cpu), for this one instruction in this mode. Null: a region cannot do it. The caller erases it.
    llvm::Function* specialise(const Op& op, CodeMode mode, unsigned number);

  private:
    void number_templates();
    void make_markers();
    llvm::GlobalVariable* constant_of(const Op& op);
    llvm::Function* copy(llvm::Function& whole, llvm::GlobalVariable& op);
    bool resolve_calls(llvm::Function& function);
    llvm::Function* callee_of(llvm::CallBase& call) const;
    void simplify(llvm::Function& function);
    void replace_markers(llvm::Function& function, unsigned number);

    CpuLayout layout_;
    llvm::LLVMContext context_;
    std::unique_ptr<llvm::Module> module_;
    std::unordered_map<std::uint64_t, llvm::Function*> by_address_;
    llvm::FunctionAnalysisManager analyses_;
    llvm::FunctionPassManager passes_;
};

}  // namespace nyx::soft
