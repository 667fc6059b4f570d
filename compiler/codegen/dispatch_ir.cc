#include "compiler/codegen/dispatch_ir.h"

#include <llvm/IR/IRBuilder.h>

#include <algorithm>
#include <vector>

#include "compiler/codegen/exit_host.h"
#include "runtime/plan/exit_abi.h"

namespace nyx::codegen {

namespace {

// One region of one device, as it is placed.
struct Target {
    Range range;
    std::uint32_t device = 0;
    std::uint32_t region = 0;
    std::vector<AccessCode> accesses = {};  // that have code, by address
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

// Builds one of the four functions. Accesses that a profile found to be frequent are asked for first, in its order;
// then a binary search over the regions finds the one, so that the depth is the logarithm of their number, and a
// decision over its registers.
class Dispatch {
  public:
    Dispatch(llvm::Module& module, plan::Space space, bool is_write)
        : module_(module), builder_(module.getContext()), space_(space), is_write_(is_write) {}

    void build(const char* symbol, const std::vector<Target>& targets, const std::vector<AccessCode>& hot) {
        std::vector<llvm::Type*> parameters = {builder_.getPtrTy(), builder_.getPtrTy(), builder_.getInt64Ty(),
                                               builder_.getInt32Ty()};
        if (is_write_) parameters.push_back(builder_.getInt64Ty());
        auto* type = llvm::FunctionType::get(result_type(), parameters, false);
        function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, module_);
        function_->addFnAttr(llvm::Attribute::NoUnwind);
        builder_.SetInsertPoint(block("entry"));
        other_ = block("other");
        auto* width = builder_.CreateZExt(this->width(), builder_.getInt64Ty());
        end_ = builder_.CreateAdd(address(), width, "end");
        for (const AccessCode& access : hot) ask_for(access);
        search(targets, 0, targets.size());
        builder_.SetInsertPoint(other_);
        finish(is_write_ ? ExitCall::kWriteOther : ExitCall::kReadOther,
               {builder_.getInt32(static_cast<std::uint32_t>(space_)), address(), this->width()});
    }

  private:
    llvm::Type* result_type() { return is_write_ ? builder_.getVoidTy() : builder_.getInt64Ty(); }
    llvm::Argument* argument(unsigned index) { return function_->getArg(index); }
    llvm::Value* address() { return argument(2); }
    llvm::Value* width() { return argument(3); }
    llvm::BasicBlock* block(const char* name) {
        return llvm::BasicBlock::Create(module_.getContext(), name, function_);
    }
    void ask_for(const AccessCode& access) {
        llvm::BasicBlock *hit = block("hot"), *next = block("next");
        builder_.CreateCondBr(is_access(access), hit, next);
        builder_.SetInsertPoint(hit);
        call(access);
        builder_.SetInsertPoint(next);
    }
    llvm::Value* is_access(const AccessCode& access) {
        auto* here = builder_.CreateICmpEQ(address(), builder_.getInt64(access.address));
        return builder_.CreateAnd(here, builder_.CreateICmpEQ(width(), builder_.getInt32(access.width)));
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
            builder_.CreateCondBr(builder_.CreateICmpULT(address(), builder_.getInt64(targets[middle].range.base)),
                                  below, above);
            builder_.SetInsertPoint(below);
            search(targets, first, middle);
            builder_.SetInsertPoint(above);
            search(targets, middle, last);
        }
    }

    void leaf(const Target& target) {
        if (!target.accesses.empty()) decide(target);
        reach(target);
    }

    // Among the region's accesses that have code; goes on where it is none of them.
    void decide(const Target& target) {
        auto* offset = builder_.CreateSub(address(), builder_.getInt64(target.range.base));
        auto* in_reach = builder_.CreateICmpULT(offset, builder_.getInt64(target.range.size));
        llvm::BasicBlock *inside = block("inside"), *none = block("none");
        builder_.CreateCondBr(in_reach, inside, none);
        builder_.SetInsertPoint(inside);
        auto* key =
            builder_.CreateOr(builder_.CreateShl(offset, 4), builder_.CreateZExt(width(), builder_.getInt64Ty()));
        llvm::SwitchInst* decision = builder_.CreateSwitch(key, none);
        for (const AccessCode& access : target.accesses) {
            llvm::BasicBlock* hit = block("hit");
            decision->addCase(builder_.getInt64((access.address - target.range.base) << 4 | access.width), hit);
            builder_.SetInsertPoint(hit);
            call(access);
        }
        builder_.SetInsertPoint(none);
    }

    void call(const AccessCode& access) {
        std::vector<llvm::Value*> arguments = {argument(0), argument(1)};
        if (is_write_) arguments.push_back(argument(4));
        give_back(builder_.CreateCall(access.function, arguments));
    }

    // Inside the region when base <= address, address < end of the address (no wrap) and end <= region's end.
    void reach(const Target& target) {
        llvm::BasicBlock* hit = block("hit");
        auto* starts = builder_.CreateICmpUGE(address(), builder_.getInt64(target.range.base));
        auto* wraps_not = builder_.CreateICmpULT(address(), end_);
        auto* ends = builder_.CreateICmpULE(end_, builder_.getInt64(target.range.end()));
        builder_.CreateCondBr(builder_.CreateAnd(builder_.CreateAnd(starts, wraps_not), ends), hit, other_);
        builder_.SetInsertPoint(hit);
        auto* offset = builder_.CreateSub(address(), builder_.getInt64(target.range.base), "offset");
        finish(is_write_ ? ExitCall::kWrite : ExitCall::kRead,
               {builder_.getInt32(target.device), builder_.getInt32(target.region), offset, width()});
    }

    // Calls through the host's table and returns what it returns.
    void finish(ExitCall which, std::vector<llvm::Value*> values) {
        values.insert(values.begin(), argument(1));
        if (is_write_) values.push_back(argument(4));
        llvm::CallInst* call = call_exit_host(builder_, argument(0), which, result_type(), values);
        call->setTailCallKind(llvm::CallInst::TCK_Tail);
        give_back(call);
    }
    void give_back(llvm::CallInst* call) {
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

// Of both kinds of access of one space.
class SpaceDispatch {
  public:
    SpaceDispatch(llvm::Module& module, const plan::MachinePlan& plan, plan::Space space)
        : module_(module), space_(space), targets_(targets(plan, space)) {}

    void build(const std::vector<DeviceCode>& codes, const std::vector<PlacedDevice>& devices, const HotAccesses& hot,
               bool is_write, const char* symbol) {
        const auto of = space_ == plan::Space::kPio ? dev::ir::Space::kPio : dev::ir::Space::kMmio;
        std::vector<AccessCode> hot_codes(hot.size());
        for (Target& target : targets_) target.accesses.clear();
        for (std::size_t i = 0; i < codes.size(); ++i) {
            for (AccessCode& access : codes[i].accesses(of, is_write)) {
                for (std::size_t k = 0; k < hot.size(); ++k)
                    if (is_meant(hot[k], devices[i], access, is_write) && hot_codes[k].function == nullptr)
                        hot_codes[k] = access;
                add(std::move(access), devices[i].index);
            }
        }
        std::erase_if(hot_codes, [](const AccessCode& access) { return access.function == nullptr; });
        Dispatch(module_, space_, is_write).build(symbol, targets_, hot_codes);
    }

  private:
    static bool is_meant(const HotAccess& hot, const PlacedDevice& device, const AccessCode& access, bool is_write) {
        return hot.is_write == is_write && hot.device == device.plan->name &&
               std::ranges::any_of(access.registers,
                                   [&](std::uint32_t reg) { return device.program.registers[reg].name == hot.reg; });
    }
    void add(AccessCode access, std::uint32_t device) {
        for (Target& target : targets_) {
            if (target.device != device || !target.range.contains(access.address)) continue;
            return target.accesses.push_back(std::move(access));
        }
    }

    llvm::Module& module_;
    plan::Space space_;
    std::vector<Target> targets_;
};

}  // namespace

std::unique_ptr<llvm::Module> dispatch_module(llvm::LLVMContext& context, const plan::MachinePlan& plan,
                                              const std::vector<PlacedDevice>& devices, const HotAccesses& hot) {
    auto module = std::make_unique<llvm::Module>("nyx-exit-code", context);
    std::vector<DeviceCode> codes;
    for (const PlacedDevice& device : devices) codes.emplace_back(*module, device);
    SpaceDispatch ports(*module, plan, plan::Space::kPio), memory(*module, plan, plan::Space::kMmio);
    ports.build(codes, devices, hot, false, plan::kPioReadSymbol);
    ports.build(codes, devices, hot, true, plan::kPioWriteSymbol);
    memory.build(codes, devices, hot, false, plan::kMmioReadSymbol);
    memory.build(codes, devices, hot, true, plan::kMmioWriteSymbol);
    return module;
}

}  // namespace nyx::codegen
