// One function for all blocks of a region: the copies of the templates put together, with the guest's registers and
// flags as local variables that LLVM can keep in the machine's.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <array>
#include <vector>

#include "runtime/soft/jit/llvm/guest_code.h"

namespace nyx::soft {

class RegionBuilder {
  public:
    RegionBuilder(Templates& templates, const GuestCode& code);
    // void(ptr cpu), in the templates' module. Null: it did not come out as it must.
    llvm::Function* build();

  private:
    void make_entry();
    void place_ops();
    llvm::BasicBlock* take_in(llvm::Function& copy);
    bool connect();
    void connect_one(llvm::CallInst& marker);
    void cut_at(llvm::CallInst& marker, llvm::BasicBlock* to);
    void fill_dispatch(std::size_t block);
    llvm::BasicBlock* edge_to(std::uint64_t target);
    void fill_check(std::size_t block);
    llvm::BasicBlock* leave_at(std::size_t block, std::size_t op);
    void leave(llvm::Value* rip, std::uint64_t instructions);
    void use_locals();
    void use_local(llvm::Instruction& access, llvm::Value* pointer, unsigned operand);
    void mark_guest_accesses();
    void write_back();

    llvm::Value* in_cpu(std::uint64_t offset);
    llvm::Value* load_counter() { return at_.CreateLoad(word_, executed_); }
    llvm::BasicBlock* new_block(const llvm::Twine& name);

    Templates& templates_;
    const GuestCode& code_;
    const CpuLayout& layout_;
    llvm::LLVMContext& context_;
    llvm::IRBuilder<> at_;
    llvm::Type* word_;
    llvm::Function* region_ = nullptr;
    llvm::Value* cpu_ = nullptr;
    llvm::Value* end_ = nullptr;       // instructions executed when the run must end
    llvm::Value* tlb_ = nullptr;       // of data, as it is on entry; nothing in a region changes it
    llvm::Value* executed_ = nullptr;  // local: up to the start of this block
    llvm::Value* target_ = nullptr;    // local: of the jump that ends a block, or where the region ends
    llvm::BasicBlock* exit_ = nullptr;
    std::array<llvm::AllocaInst*, 17> registers_{};
    llvm::AllocaInst* flags_ = nullptr;
    std::array<bool, 17> is_written_{};
    bool flags_written_ = false;
    struct Joint {  // of a block's parts
        std::vector<llvm::BasicBlock*> ops, leaves;
        llvm::BasicBlock* check = nullptr;
        llvm::BasicBlock* dispatch = nullptr;
    };
    std::vector<Joint> joints_;
};

}  // namespace nyx::soft
