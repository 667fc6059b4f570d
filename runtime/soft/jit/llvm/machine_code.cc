#include "runtime/soft/jit/llvm/machine_code.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/ExecutionEngine/JITLink/ELF_x86_64.h>
#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/Process.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/DeadStoreElimination.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/GVN.h>
#include <llvm/Transforms/Scalar/JumpThreading.h>
#include <llvm/Transforms/Scalar/LICM.h>
#include <llvm/Transforms/Scalar/LoopPassManager.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/Local.h>

#include <cstring>
#include <mutex>

#include "runtime/base/check.h"

namespace nyx::soft {
namespace {

using llvm::jitlink::InProcessMemoryManager;
using llvm::jitlink::JITLinkMemoryManager;
using llvm::jitlink::LinkGraph;

std::unique_ptr<llvm::TargetMachine> host_machine() {
    static std::once_flag once;
    std::call_once(once, [] {
        llvm::InitializeNativeTarget();
        llvm::InitializeNativeTargetAsmPrinter();
        llvm::InitializeNativeTargetAsmParser();
    });
    const std::string triple = llvm::sys::getProcessTriple();
    std::string problem;
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, problem);
    NYX_CHECK(target != nullptr, "LLVM knows the processor that it was built for");
    std::string features;
    for (const auto& [name, is_on] : llvm::sys::getHostCPUFeatures()) {
        features += (is_on && !name.starts_with("avx512") ? ",+" : ",-") + name.str();
    }
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(triple, llvm::sys::getHostCPUName(), features, {}, llvm::Reloc::PIC_, std::nullopt,
                                    llvm::CodeGenOptLevel::Default, true));
}

// A link without anything from outside but the C library's copies.
class Context : public llvm::jitlink::JITLinkContext {
  public:
    using Allocation = JITLinkMemoryManager::FinalizedAlloc;
    struct Result {
        std::uint64_t address = 0;
        std::size_t size = 0;
        Allocation allocation;
    };
    Context(JITLinkMemoryManager& memory, Result& result) : JITLinkContext(nullptr), memory_(memory), result_(result) {}

    JITLinkMemoryManager& getMemoryManager() override { return memory_; }
    void notifyFailed(llvm::Error error) override { llvm::consumeError(std::move(error)); }
    void lookup(const LookupMap& symbols,
                std::unique_ptr<llvm::jitlink::JITLinkAsyncLookupContinuation> done) override {
        llvm::jitlink::AsyncLookupResult found;
        for (const auto& [name, flags] : symbols) {
            void* address = nullptr;
            if (name == "memcpy") address = reinterpret_cast<void*>(&std::memcpy);
            if (name == "memmove") address = reinterpret_cast<void*>(&std::memmove);
            if (name == "memset") address = reinterpret_cast<void*>(&std::memset);
            if (address == nullptr)
                return done->run(llvm::make_error<llvm::jitlink::JITLinkError>("a region refers to " + name.str()));
            found[name] = {llvm::orc::ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported};
        }
        done->run(std::move(found));
    }
    llvm::Error notifyResolved(LinkGraph& graph) override {
        for (auto* symbol : graph.defined_symbols()) {
            if (!symbol->hasName() || symbol->getName() != "nyx_region") continue;
            result_.address = symbol->getAddress().getValue();
            result_.size = symbol->getSize();
        }
        return llvm::Error::success();
    }
    void notifyFinalized(Allocation allocation) override { result_.allocation = std::move(allocation); }

  private:
    JITLinkMemoryManager& memory_;
    Result& result_;
};

}  // namespace

MachineCode::MachineCode()
    : target_(host_machine()),
      memory_(std::make_shared<InProcessMemoryManager>(llvm::sys::Process::getPageSizeEstimate())) {
    llvm::PassBuilder builder(target_.get());
    builder.registerModuleAnalyses(module_analyses_);
    builder.registerCGSCCAnalyses(graph_analyses_);
    builder.registerFunctionAnalyses(analyses_);
    builder.registerLoopAnalyses(loop_analyses_);
    builder.crossRegisterProxies(loop_analyses_, analyses_, graph_analyses_, module_analyses_);
    passes_.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
    passes_.addPass(llvm::EarlyCSEPass());
    passes_.addPass(llvm::SimplifyCFGPass());
    passes_.addPass(llvm::InstCombinePass());
    passes_.addPass(llvm::JumpThreadingPass());
    passes_.addPass(llvm::SimplifyCFGPass());
    passes_.addPass(llvm::createFunctionToLoopPassAdaptor(llvm::LICMPass(llvm::LICMOptions()), true));
    passes_.addPass(llvm::GVNPass());
    passes_.addPass(llvm::DSEPass());
    passes_.addPass(llvm::InstCombinePass());
    passes_.addPass(llvm::ADCEPass());
    passes_.addPass(llvm::SimplifyCFGPass());
}

void MachineCode::optimise(llvm::Function& function) {
    passes_.run(function, analyses_);
    analyses_.clear(function, function.getName());
}

// The templates' module is large, and code is made for whole modules.
std::unique_ptr<llvm::Module> MachineCode::take_out(llvm::Function& function) {
    const llvm::Module& from = *function.getParent();
    auto module = std::make_unique<llvm::Module>("region", function.getContext());
    module->setDataLayout(from.getDataLayout());
    module->setTargetTriple(from.getTargetTriple());
    function.removeFromParent();
    module->getFunctionList().push_back(&function);
    llvm::ValueToValueMapTy map;
    for (llvm::Instruction& each : llvm::instructions(function)) {
        for (llvm::Use& use : each.operands()) {
            auto* global = llvm::dyn_cast<llvm::GlobalValue>(use.get());
            if (global == nullptr || global->getParent() == module.get()) continue;
            if (auto* callee = llvm::dyn_cast<llvm::Function>(global)) {
                auto made = module->getOrInsertFunction(callee->getName(), callee->getFunctionType());
                use.set(made.getCallee());
            } else {
                return nullptr;
            }
        }
    }
    return module;
}

bool MachineCode::emit(llvm::Module& module, llvm::SmallVectorImpl<char>& object) {
    llvm::raw_svector_ostream out(object);
    llvm::legacy::PassManager passes;
    if (target_->addPassesToEmitFile(passes, out, nullptr, llvm::CodeGenFileType::ObjectFile)) return false;
    passes.run(module);
    return true;
}

std::optional<MachineCode::Made> MachineCode::make(llvm::Function& function) {
    function.addFnAttr("target-cpu", target_->getTargetCPU());
    function.addFnAttr("target-features", target_->getTargetFeatureString());
    function.addFnAttr("no-jump-tables", "true");
    optimise(function);
    auto module = take_out(function);
    llvm::SmallVector<char, 0> object;
    if (module == nullptr || !emit(*module, object)) return std::nullopt;
    llvm::MemoryBufferRef bytes(llvm::StringRef(object.data(), object.size()), "region");
    auto graph = llvm::jitlink::createLinkGraphFromELFObject_x86_64(bytes);
    if (!graph) {
        llvm::consumeError(graph.takeError());
        return std::nullopt;
    }
    Context::Result result;
    llvm::jitlink::link_ELF_x86_64(std::move(*graph), std::make_unique<Context>(*memory_, result));
    if (result.address == 0 || !result.allocation) return std::nullopt;
    auto* allocation = new Context::Allocation(std::move(result.allocation));
    auto free = [memory = memory_](const Context::Allocation* gone) {
        auto* taken = const_cast<Context::Allocation*>(gone);
        llvm::consumeError(memory->deallocate(std::move(*taken)));
        delete taken;
    };
    return Made{result.address, result.size, std::shared_ptr<const Context::Allocation>(allocation, free)};
}

}  // namespace nyx::soft
