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

// How the copy of an instruction ends: calls of these functions take the place of going on. The first argument is the
// number that specialise() was given.
inline constexpr const char* kGoOn = "nyx_region_go_on";      // (i32)
inline constexpr const char* kGiveUp = "nyx_region_give_up";  // (i32): nothing was done, the interpreter must do it
inline constexpr const char* kJump = "nyx_region_jump";       // (i32, i64 target)

class Templates {
  public:
    explicit Templates(const CpuLayout& layout);
    llvm::Module& module() { return *module_; }
    const CpuLayout& layout() const { return layout_; }

    // void(ptr cpu), for this one instruction in this mode. Null: a region cannot do it. The caller erases it.
    llvm::Function* specialise(const Op& op, CodeMode mode, unsigned number);

  private:
    void number_templates();
    void refuse_slow_accesses();
    void make_markers();
    llvm::Function* copy(llvm::Function& whole, const Op& op);
    bool resolve_calls(llvm::Function& function);
    llvm::Function* callee_of(llvm::CallBase& call) const;
    llvm::Value* field_at(llvm::Value* place, llvm::Type* type, llvm::Instruction* before, std::uint64_t added,
                          unsigned depth = 0);
    void fold_choices(llvm::Function& function);
    void split_choices(llvm::Function& function);
    void fold_mode(llvm::Function& function, CodeMode mode);
    void simplify(llvm::Function& function);
    void replace_markers(llvm::Function& function, unsigned number);
    bool is_in_array(const llvm::Value* pointer, const llvm::Function& function) const;
    bool is_allowed(llvm::Function& function) const;
    bool gives_up_unchanged(llvm::Function& function) const;

    CpuLayout layout_;
    llvm::LLVMContext context_;
    std::unique_ptr<llvm::Module> module_;
    llvm::GlobalVariable* op_ = nullptr;  // of the copy that is being made
    std::unordered_map<std::uint64_t, llvm::Function*> by_address_;
    llvm::FunctionAnalysisManager analyses_;
    llvm::FunctionPassManager passes_;
};

// Where in the Cpu, the function's first argument, a pointer points; nothing: elsewhere.
std::optional<std::uint64_t> offset_in_cpu(const llvm::Value* pointer, const llvm::Function& function);

}  // namespace nyx::soft
