#include "compiler/codegen/access_function.h"

#include <algorithm>

#include "compiler/codegen/blocks.h"
#include "compiler/codegen/device_entry.h"
#include "devices/ir/effects.h"

namespace nyx::codegen {

namespace {

using dev::ir::Effects;
using dev::ir::kNone;
using dev::ir::low_bits;

bool meet(const std::set<std::uint32_t>& a, const std::set<std::uint32_t>& b) {
    return std::ranges::any_of(a, [&](std::uint32_t one) { return b.contains(one); });
}

class AccessFunction {
  public:
    AccessFunction(const DeviceModule& device, const PlacedDevice& placed, const AccessPlace& place,
                   const std::vector<Meeting>& found)
        : device_(device), placed_(placed), place_(place), found_(found), builder_(device.module.getContext()) {
        auto* pointer = builder_.getPtrTy();
        std::vector<llvm::Type*> types = {pointer, pointer};
        if (place.is_write) types.push_back(builder_.getInt64Ty());
        auto* type = llvm::FunctionType::get(result_type(), types, false);
        const std::string name = placed.plan->name + "." + found[0].reg->name + (place.is_write ? ".write" : ".read");
        function_ = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, device.module);
        function_->addFnAttr(llvm::Attribute::NoUnwind);
        // Inside the dispatch it would have every access save the registers that the greediest one needs.
        function_->addFnAttr(llvm::Attribute::NoInline);
    }

    llvm::Function* build() {
        builder_.SetInsertPoint(llvm::BasicBlock::Create(device_.module.getContext(), "entry", function_));
        done_ = new_block(builder_, "done");
        context_ = device_context(builder_, host(), placed_.index);
        DeviceEntry entry(builder_, *function_, context_, placed_.index);
        entry.enter();
        when_seldom(is_set(ContextField::kWaits), [&] { prepare(); });
        choose();
        llvm::Value* value = finish();
        entry.leave();
        place_.is_write ? builder_.CreateRetVoid() : builder_.CreateRet(value);
        return function_;
    }

  private:
    llvm::Type* result_type() { return place_.is_write ? builder_.getVoidTy() : builder_.getInt64Ty(); }
    llvm::Value* host() { return function_->getArg(0); }
    llvm::Value* caller() { return function_->getArg(1); }
    llvm::Value* is_set(ContextField field) {
        return builder_.CreateIsNotNull(context_field(builder_, context_, field));
    }
    template <class Inside>
    void when_seldom(llvm::Value* condition, Inside inside) {
        when(builder_, condition, inside, seldom(builder_));
    }
    void prepare() {
        call_exit_host(builder_, host(), ExitCall::kPrepare, builder_.getVoidTy(),
                       {caller(), builder_.getInt32(placed_.index)});
    }

    // Only this vCPU's thread counts; others look.
    void count(std::uint64_t row) {
        auto* first =
            builder_.CreateInBoundsGEP(builder_.getInt64Ty(), caller_field(builder_, caller(), CallerField::kCounters),
                                       context_field(builder_, context_, ContextField::kFirstCounter));
        auto* counter =
            builder_.CreateConstInBoundsGEP1_64(builder_.getInt64Ty(), first, 2 * row + (place_.is_write ? 1 : 0));
        auto* before = builder_.CreateAlignedLoad(builder_.getInt64Ty(), counter, llvm::Align(8));
        before->setAtomic(llvm::AtomicOrdering::Monotonic);
        builder_.CreateAlignedStore(builder_.CreateAdd(before, builder_.getInt64(1)), counter, llvm::Align(8))
            ->setAtomic(llvm::AtomicOrdering::Monotonic);
    }

    void choose() {
        for (const Meeting& one : found_) {
            if (one.reg->guard == kNone) return act(one);
            llvm::BasicBlock *here = new_block(builder_, "here"), *next = new_block(builder_, "next");
            builder_.CreateCondBr(holds(one.reg->guard), here, next);
            builder_.SetInsertPoint(here);
            act(one);
            builder_.SetInsertPoint(next);
        }
        count(device_.program.registers.size());
        const bool is_zeros = device_.program.banks[place_.bank].gap == dev::ir::Gap::kZeros;
        leave_with(builder_.getInt64(is_zeros ? 0 : low_bits(found_[0].reg->width * 8u)));
    }

    void act(const Meeting& one) {
        count(one.number);
        RegisterCode reg(device_, builder_, context_, one);
        if (!place_.is_write) return leave_with(reg.read());
        if (one.reg->phase != kNone) leave_unless(holds(one.reg->phase));
        reg.write(function_->getArg(2));
        leave_with(nullptr);
    }

    llvm::Value* holds(std::uint32_t function) {
        return builder_.CreateIsNotNull(call_function(device_, builder_, context_, function));
    }

    void leave_unless(llvm::Value* condition) {
        llvm::BasicBlock *counts = new_block(builder_, "counts"), *ignored = new_block(builder_, "ignored");
        builder_.CreateCondBr(condition, counts, ignored);
        builder_.SetInsertPoint(ignored);
        leave_with(nullptr);
        builder_.SetInsertPoint(counts);
    }
    void leave_with(llvm::Value* value) {
        ways_out_.emplace_back(value, builder_.GetInsertBlock());
        builder_.CreateBr(done_);
    }

    // What every way leads to; the value of a read.
    llvm::Value* finish() {
        builder_.SetInsertPoint(done_);
        llvm::PHINode* value = nullptr;
        if (!place_.is_write) {
            value = builder_.CreatePHI(result_type(), static_cast<unsigned>(ways_out_.size()));
            for (auto& [result, from] : ways_out_) value->addIncoming(result, from);
        }
        if (may_move_lines()) drive_lines();
        when_seldom(is_set(ContextField::kFollows),
                    [&] { call_host(builder_, context_, HostCall::kFinish, builder_.getVoidTy(), {}); });
        return value;
    }

    // A line is a function of the state, and of time where it asks for it.
    bool may_move_lines() const {
        Effects lines, access;
        for (const dev::ir::Line& line : device_.program.lines)
            lines |= effects_of(device_.program.functions[line.level]);
        for (const Meeting& one : found_)
            access |= place_.is_write ? effects_of_write(device_.program, *one.reg)
                                      : effects_of_read(device_.program, *one.reg);
        return lines.reads_timers || meet(access.writes, lines.reads);
    }

    void drive_lines() {
        llvm::Value* levels = builder_.getInt64(0);
        for (std::size_t i = 0; i < device_.program.lines.size(); ++i) {
            llvm::Value* level = builder_.CreateZExt(holds(device_.program.lines[i].level), builder_.getInt64Ty());
            levels = builder_.CreateOr(levels, builder_.CreateShl(level, i));
        }
        llvm::Value* before = context_field(builder_, context_, ContextField::kLevels);
        when_seldom(builder_.CreateICmpNE(levels, before), [&] {
            set_context_field(builder_, context_, ContextField::kLevels, levels);
            call_host(builder_, context_, HostCall::kDrive, builder_.getVoidTy(), {levels});
        });
    }

    const DeviceModule& device_;
    const PlacedDevice& placed_;
    const AccessPlace& place_;
    const std::vector<Meeting>& found_;
    llvm::IRBuilder<> builder_;
    llvm::Function* function_ = nullptr;
    llvm::Value* context_ = nullptr;
    llvm::BasicBlock* done_ = nullptr;
    std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> ways_out_;
};

}  // namespace

llvm::Function* access_function(const DeviceModule& device, const PlacedDevice& placed, const AccessPlace& place,
                                const std::vector<Meeting>& found) {
    return AccessFunction(device, placed, place, found).build();
}

}  // namespace nyx::codegen
