// From a function of LLVM's to machine code in this process.
#pragma once

#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/Analysis/LoopAnalysisManager.h>
#include <llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <optional>

namespace nyx::soft {

class MachineCode {
  public:
    MachineCode();
    // In memory that is executable and no longer writable (W^X), and freed with `memory`.
    struct Made {
        std::uint64_t address = 0;
        std::size_t size = 0;
        std::shared_ptr<const void> memory;
    };
    // Takes `function` out of its module and destroys it.
    std::optional<Made> make(llvm::Function& function);

  private:
    void optimise(llvm::Function& function);
    std::unique_ptr<llvm::Module> take_out(llvm::Function& function);
    bool emit(llvm::Module& module, llvm::SmallVectorImpl<char>& object);

    std::unique_ptr<llvm::TargetMachine> target_;
    std::shared_ptr<llvm::jitlink::InProcessMemoryManager> memory_;
    llvm::FunctionAnalysisManager analyses_;
    llvm::LoopAnalysisManager loop_analyses_;
    llvm::CGSCCAnalysisManager graph_analyses_;
    llvm::ModuleAnalysisManager module_analyses_;
    llvm::FunctionPassManager passes_;
};

}  // namespace nyx::soft
