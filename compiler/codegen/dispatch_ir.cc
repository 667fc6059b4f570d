#include "compiler/codegen/dispatch_ir.h"

#include <llvm/IR/IRBuilder.h>

#include <algorithm>
#include <vector>

#include "runtime/plan/exit_abi.h"

namespace nyx::codegen {

namespace {

// One region of one device, as it is placed.
struct Target {
    Range range;
    std::uint32_t device = 0;
    std::uint32_t region = 0;
};

std::vector<Target> targets(const plan::MachinePlan& plan, plan::Space space) {
    std::vector<Target> found;
    for (std::uint32_t device = 0; device < plan.devices.size(); ++device) {
        const plan::DevicePlan& placed = plan.devices[device];
        bool pio = space == plan::Space::kPio;
        const std::vector<Range>& ranges = pio ? placed.pio : placed.mmio;
        auto first = static_cast<std::uint32_t>(pio ? 0 : placed.pio.size());
        for (std::uint32_t i = 0; i < ranges.size(); ++i) found.push_back({ranges[i], device, first + i});
    }
    std::sort(found.begin(), found.end(), [](const Target& a, const Target& b) { return a.range.base < b.range.base; });
    return found;
}

// Fields of plan::ExitHost, in order.
enum HostField : unsigned { kRead, kWrite, kReadOther, kWriteOther };

// Builds one of the four functions. The body is a binary search over the regions, so that its depth is the logarithm of
// their number and every constant is folded.
class Dispatch {
  public:
    Dispatch(llvm::Module& module, plan::Space space, bool is_write)
        : module_(module), builder_(module.getContext()), space_(space), is_write_(is_write) {}

    void build(const char* symbol, const std::vector<Target>& targets) {
        std::vector<llvm::Type*> parameters = {builder_.getPtrTy(), builder_.getPtrTy(), builder_.getInt64Ty(),
                                               builder_.getInt32Ty()};
        if (is_write_) parameters.push_back(builder_.getInt64Ty());
        auto* type = llvm::FunctionType::get(result_type(), parameters, false);
        function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, module_);
        function_->addFnAttr(llvm::Attribute::NoUnwind);
        builder_.SetInsertPoint(block("entry"));
        other_ = block("other");
        auto* width = builder_.CreateZExt(argument(3), builder_.getInt64Ty());
        end_ = builder_.CreateAdd(argument(2), width, "end");
        search(targets, 0, targets.size());
        builder_.SetInsertPoint(other_);
        call_other();
    }

  private:
    llvm::Type* result_type() { return is_write_ ? builder_.getVoidTy() : builder_.getInt64Ty(); }
    llvm::Argument* argument(unsigned index) { return function_->getArg(index); }
    llvm::BasicBlock* block(const char* name) {
        return llvm::BasicBlock::Create(module_.getContext(), name, function_);
    }

    void search(const std::vector<Target>& targets, std::size_t first, std::size_t last) {
        if (first == last) {
            builder_.CreateBr(other_);
        } else if (last - first == 1) {
            leaf(targets[first]);
        } else {
            std::size_t middle = first + (last - first) / 2;
            llvm::BasicBlock* below = block("below");
            llvm::BasicBlock* above = block("above");
            builder_.CreateCondBr(builder_.CreateICmpULT(argument(2), builder_.getInt64(targets[middle].range.base)),
                                  below, above);
            builder_.SetInsertPoint(below);
            search(targets, first, middle);
            builder_.SetInsertPoint(above);
            search(targets, middle, last);
        }
    }

    // Inside the region when base <= address, address < end of the address (no wrap) and end <= region's end.
    void leaf(const Target& target) {
        llvm::BasicBlock* hit = block("hit");
        auto* starts = builder_.CreateICmpUGE(argument(2), builder_.getInt64(target.range.base));
        auto* wraps_not = builder_.CreateICmpULT(argument(2), end_);
        auto* ends = builder_.CreateICmpULE(end_, builder_.getInt64(target.range.end()));
        builder_.CreateCondBr(builder_.CreateAnd(builder_.CreateAnd(starts, wraps_not), ends), hit, other_);
        builder_.SetInsertPoint(hit);
        auto* offset = builder_.CreateSub(argument(2), builder_.getInt64(target.range.base), "offset");
        finish(is_write_ ? kWrite : kRead,
               {argument(1), builder_.getInt32(target.device), builder_.getInt32(target.region), offset, argument(3)});
    }

    void call_other() {
        finish(is_write_ ? kWriteOther : kReadOther,
               {argument(1), builder_.getInt32(static_cast<std::uint32_t>(space_)), argument(2), argument(3)});
    }

    // Calls through the host's table and returns what it returns.
    void finish(HostField field, std::vector<llvm::Value*> values) {
        if (is_write_) values.push_back(argument(4));
        std::vector<llvm::Type*> types;
        for (llvm::Value* value : values) types.push_back(value->getType());
        auto* slot = builder_.CreateConstInBoundsGEP1_64(builder_.getPtrTy(), argument(0), field);
        auto* callee = builder_.CreateLoad(builder_.getPtrTy(), slot);
        auto* call = builder_.CreateCall(llvm::FunctionType::get(result_type(), types, false), callee, values);
        call->setTailCallKind(llvm::CallInst::TCK_Tail);
        if (is_write_) {
            builder_.CreateRetVoid();
        } else {
            builder_.CreateRet(call);
        }
    }

    llvm::Module& module_;
    llvm::IRBuilder<> builder_;
    plan::Space space_;
    bool is_write_;
    llvm::Function* function_ = nullptr;
    llvm::BasicBlock* other_ = nullptr;
    llvm::Value* end_ = nullptr;
};

}  // namespace

std::unique_ptr<llvm::Module> dispatch_module(llvm::LLVMContext& context, const plan::MachinePlan& plan) {
    auto module = std::make_unique<llvm::Module>("nyx-exit-code", context);
    std::vector<Target> pio = targets(plan, plan::Space::kPio);
    std::vector<Target> mmio = targets(plan, plan::Space::kMmio);
    Dispatch(*module, plan::Space::kPio, false).build(plan::kPioReadSymbol, pio);
    Dispatch(*module, plan::Space::kPio, true).build(plan::kPioWriteSymbol, pio);
    Dispatch(*module, plan::Space::kMmio, false).build(plan::kMmioReadSymbol, mmio);
    Dispatch(*module, plan::Space::kMmio, true).build(plan::kMmioWriteSymbol, mmio);
    return module;
}

}  // namespace nyx::codegen
