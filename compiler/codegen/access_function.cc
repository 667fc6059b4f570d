#include "compiler/codegen/access_function.h"

#include <algorithm>

#include "devices/ir/effects.h"

namespace nyx::codegen {

namespace {

using dev::ir::Effects;
using dev::ir::kNone;
using dev::ir::low_bits;
using dev::ir::Register;

constexpr std::uint64_t kInsideOffset = 0, kClosedOffset = 4;  // in dev::ir::NativeGate

bool meet(const std::set<std::uint32_t>& a, const std::set<std::uint32_t>& b) {
    return std::ranges::any_of(a, [&](std::uint32_t one) { return b.contains(one); });
}

class AccessFunction {
  public:
    AccessFunction(const DeviceModule& device, const PlacedDevice& placed, const AccessPlace& place,
                   const std::vector<Meeting>& found)
        : device_(device), placed_(placed), place_(place), found_(found), builder_(device.module.getContext()) {
        auto* pointer = builder_.getPtrTy();
        std::vector<llvm::Type*> types = {pointer, pointer, pointer};
        if (place.is_write) types.push_back(builder_.getInt64Ty());
        auto* type = llvm::FunctionType::get(result_type(), types, false);
        const std::string name = placed.plan->name + "." + found[0].reg->name + (place.is_write ? ".write" : ".read");
        function_ = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, device.module);
        function_->addFnAttr(llvm::Attribute::NoUnwind);
        // Inside the dispatch it would have every access save the registers that the greediest one needs.
        function_->addFnAttr(llvm::Attribute::NoInline);
    }

    llvm::Function* build() {
        builder_.SetInsertPoint(block("entry"));
        done_ = block("done");
        auto* devices = load_constant(builder_, builder_.getPtrTy(),
                                      builder_.CreateConstInBoundsGEP1_64(builder_.getPtrTy(), host(),
                                                                          static_cast<unsigned>(ExitCall::kDevices)));
        context_ = load_constant(builder_, builder_.getPtrTy(),
                                 builder_.CreateConstInBoundsGEP1_64(builder_.getPtrTy(), devices, placed_.index));
        enter();
        where(context_field(builder_, context_, ContextField::kWaits),
              [&] { call_machine(ExitCall::kPrepare, builder_.getVoidTy(), {device_index()}); });
        choose();
        finish();
        return function_;
    }

  private:
    llvm::Type* result_type() { return place_.is_write ? builder_.getVoidTy() : builder_.getInt64Ty(); }
    llvm::Value* host() { return function_->getArg(0); }
    llvm::Value* device_index() { return builder_.getInt32(placed_.index); }
    llvm::BasicBlock* block(const char* name) {
        return llvm::BasicBlock::Create(device_.module.getContext(), name, function_);
    }
    llvm::CallInst* call_machine(ExitCall call, llvm::Type* result, std::vector<llvm::Value*> arguments) {
        arguments.insert(arguments.begin(), function_->getArg(1));
        return call_exit_host(builder_, host(), call, result, arguments);
    }

    // What seldom holds.
    template <class Inside>
    void where(llvm::Value* condition, Inside inside) {
        llvm::BasicBlock *then = block("then"), *after = block("after");
        builder_.CreateCondBr(builder_.CreateIsNotNull(condition), then, after, seldom());
        builder_.SetInsertPoint(then);
        inside();
        builder_.CreateBr(after);
        builder_.SetInsertPoint(after);
    }
    llvm::MDNode* seldom() {
        auto* one = llvm::ConstantAsMetadata::get(builder_.getInt32(1));
        auto* many = llvm::ConstantAsMetadata::get(builder_.getInt32(2000));
        return llvm::MDNode::get(builder_.getContext(),
                                 {llvm::MDString::get(builder_.getContext(), "branch_weights"), one, many});
    }

    llvm::Value* gate_word(std::uint64_t offset) {
        return builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(),
                                                   context_field(builder_, context_, ContextField::kGate), offset);
    }
    void set_inside(std::uint32_t inside, llvm::AtomicOrdering order) {
        builder_.CreateAlignedStore(builder_.getInt32(inside), gate_word(kInsideOffset), llvm::Align(4))
            ->setAtomic(order);
    }

    // dev::ir::NativeGate says why a compiler's fence is enough here.
    void enter() {
        if (!placed_.has_one_vcpu) {
            call_machine(ExitCall::kLock, builder_.getVoidTy(), {device_index()});
            return;
        }
        set_inside(1, llvm::AtomicOrdering::Monotonic);
        builder_.CreateFence(llvm::AtomicOrdering::SequentiallyConsistent, llvm::SyncScope::SingleThread);
        auto* closed = builder_.CreateAlignedLoad(builder_.getInt32Ty(), gate_word(kClosedOffset), llvm::Align(4));
        closed->setAtomic(llvm::AtomicOrdering::Acquire);
        llvm::BasicBlock *is_closed = block("closed"), *is_open = block("open");
        builder_.CreateCondBr(builder_.CreateIsNotNull(closed), is_closed, is_open, seldom());
        builder_.SetInsertPoint(is_closed);
        set_inside(0, llvm::AtomicOrdering::Release);
        leave_to_table();
        builder_.SetInsertPoint(is_open);
    }
    void leave() {
        if (placed_.has_one_vcpu) return set_inside(0, llvm::AtomicOrdering::Release);
        call_machine(ExitCall::kUnlock, builder_.getVoidTy(), {device_index()});
    }
    void leave_to_table() {
        std::vector<llvm::Value*> arguments = {device_index(), builder_.getInt32(place_.bank),
                                               builder_.getInt64(place_.offset),
                                               builder_.getInt32(found_[0].reg->width)};
        if (place_.is_write) arguments.push_back(function_->getArg(3));
        auto* call = call_machine(place_.is_write ? ExitCall::kWrite : ExitCall::kRead, result_type(), arguments);
        place_.is_write ? builder_.CreateRetVoid() : builder_.CreateRet(call);
    }

    // Only this vCPU's thread counts; others look.
    void count(std::uint64_t row) {
        auto* first = builder_.CreateInBoundsGEP(builder_.getInt64Ty(), function_->getArg(2),
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
            llvm::BasicBlock *here = block("here"), *next = block("next");
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
        if (!place_.is_write) return leave_with(read(one));
        write(one);
        leave_with(nullptr);
    }

    llvm::Value* call(std::uint32_t function, std::vector<llvm::Value*> arguments = {}) {
        arguments.insert(arguments.begin(), context_);
        return builder_.CreateCall(device_.functions[function], arguments);
    }
    llvm::Value* holds(std::uint32_t function) { return builder_.CreateIsNotNull(call(function)); }
    llvm::Value* stored(const Meeting& one) {
        if (one.reg->storage == kNone) return builder_.getInt64(0);
        return load_element(device_, builder_, context_, one.reg->storage, builder_.getInt64(one.element));
    }
    void store(const Meeting& one, llvm::Value* value) {
        store_element(device_, builder_, context_, one.reg->storage, builder_.getInt64(one.element), value);
    }

    llvm::Value* read(const Meeting& one) {
        const Register& reg = *one.reg;
        llvm::Value* value = nullptr;
        if (reg.on_read != kNone) {
            std::vector<llvm::Value*> arguments = {builder_.getInt64(one.element)};
            add_part(reg, arguments);
            value = call(reg.on_read, arguments);
        } else {
            value = builder_.CreateOr(builder_.CreateAnd(stored(one), ~reg.fixed_mask), reg.fixed);
            if (reg.computed != kNone) {
                llvm::Value* computed = call(reg.computed, {builder_.getInt64(one.element)});
                value = builder_.CreateOr(builder_.CreateAnd(value, ~reg.computed_mask),
                                          builder_.CreateAnd(computed, reg.computed_mask));
            }
        }
        if (reg.read_clears != 0) store(one, builder_.CreateAnd(stored(one), ~reg.read_clears));
        return builder_.CreateAnd(value, low_bits(reg.width * 8u));
    }

    void write(const Meeting& one) {
        const Register& reg = *one.reg;
        if (reg.phase != kNone) {
            llvm::BasicBlock *counts = block("counts"), *ignored = block("ignored");
            builder_.CreateCondBr(holds(reg.phase), counts, ignored);
            builder_.SetInsertPoint(ignored);
            leave_with(nullptr);
            builder_.SetInsertPoint(counts);
        }
        llvm::Value* value = builder_.CreateAnd(function_->getArg(3), low_bits(reg.width * 8u));
        llvm::Value* before = stored(one);
        if (reg.storage != kNone) store(one, written(reg.write, before, value));
        if (reg.on_write == kNone) return;
        std::vector<llvm::Value*> arguments = {value, before, builder_.getInt64(one.element)};
        add_part(reg, arguments);
        call(reg.on_write, arguments);
    }

    // All of it: accesses of other widths are the table's.
    void add_part(const Register& reg, std::vector<llvm::Value*>& arguments) {
        if (!reg.by_parts) return;
        arguments.push_back(builder_.getInt64(0));
        arguments.push_back(builder_.getInt64(reg.width));
    }

    llvm::Value* written(const dev::ir::WriteMasks& masks, llvm::Value* before, llvm::Value* value) {
        llvm::Value* after =
            builder_.CreateOr(builder_.CreateAnd(before, ~masks.plain), builder_.CreateAnd(value, masks.plain));
        after = builder_.CreateAnd(after, builder_.CreateNot(builder_.CreateAnd(value, masks.one_clears)));
        after = builder_.CreateOr(after, builder_.CreateAnd(value, masks.one_sets));
        return builder_.CreateAnd(after, builder_.CreateOr(value, ~masks.zero_clears));
    }

    void leave_with(llvm::Value* value) {
        ways_out_.emplace_back(value, builder_.GetInsertBlock());
        builder_.CreateBr(done_);
    }

    void finish() {
        builder_.SetInsertPoint(done_);
        llvm::PHINode* value = nullptr;
        if (!place_.is_write) {
            value = builder_.CreatePHI(result_type(), static_cast<unsigned>(ways_out_.size()));
            for (auto& [result, from] : ways_out_) value->addIncoming(result, from);
        }
        if (may_move_lines()) drive_lines();
        where(context_field(builder_, context_, ContextField::kFollows),
              [&] { call_host(builder_, context_, HostCall::kFinish, builder_.getVoidTy(), {}); });
        leave();
        place_.is_write ? builder_.CreateRetVoid() : builder_.CreateRet(value);
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
        where(builder_.CreateZExt(builder_.CreateICmpNE(levels, before), builder_.getInt64Ty()), [&] {
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

llvm::CallInst* call_exit_host(llvm::IRBuilder<>& builder, llvm::Value* host, ExitCall call, llvm::Type* result,
                               const std::vector<llvm::Value*>& arguments) {
    std::vector<llvm::Type*> types;
    for (llvm::Value* argument : arguments) types.push_back(argument->getType());
    auto* slot = builder.CreateConstInBoundsGEP1_64(builder.getPtrTy(), host, static_cast<unsigned>(call));
    llvm::Value* callee = load_constant(builder, builder.getPtrTy(), slot);
    return builder.CreateCall(llvm::FunctionType::get(result, types, false), callee, arguments);
}

}  // namespace nyx::codegen
