#include "compiler/codegen/device_ir.h"

#include <map>

#include "compiler/codegen/device_function.h"

namespace nyx::codegen {

namespace {

using dev::ir::kNone;
using dev::ir::low_bits;
using dev::ir::Program;
using dev::ir::Register;

// A register of an array, as an access meets it.
struct Meeting {
    const Register* reg = nullptr;
    std::uint32_t index = 0;
};

// The registers that hold a byte in one direction, in the order in which guards are asked.
std::vector<Meeting> at_byte(const Program& program, std::uint32_t bank, std::uint64_t offset, bool is_write) {
    std::vector<Meeting> found;
    for (const Register& reg : program.registers) {
        if (reg.bank != bank || offset < reg.offset || !(is_write ? reg.writable : reg.readable)) continue;
        const std::uint64_t inside = offset - reg.offset;
        if (inside / reg.stride >= reg.count || inside % reg.stride >= reg.width) continue;
        found.push_back({&reg, static_cast<std::uint32_t>(inside / reg.stride)});
    }
    return found;
}

// One of the two entry points: (region, offset, width) decides.
class Entry {
  public:
    Entry(const DeviceModule& device, bool is_write, const std::string& symbol)
        : device_(device), builder_(device.module.getContext()), is_write_(is_write) {
        std::vector<llvm::Type*> types = {builder_.getPtrTy(), builder_.getInt32Ty(), builder_.getInt64Ty(),
                                          builder_.getInt32Ty()};
        if (is_write) types.push_back(builder_.getInt64Ty());
        auto* type = llvm::FunctionType::get(is_write ? builder_.getVoidTy() : result_type(), types, false);
        function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, device.module);
        function_->addFnAttr(llvm::Attribute::NoUnwind);
    }

    void build() {
        builder_.SetInsertPoint(block("entry"));
        llvm::BasicBlock* other = block("other");
        done_ = block("done");
        auto* key = builder_.CreateOr(builder_.CreateShl(builder_.CreateZExt(argument(1), builder_.getInt64Ty()), 32),
                                      builder_.CreateOr(builder_.CreateShl(argument(2), 4),
                                                        builder_.CreateZExt(argument(3), builder_.getInt64Ty())));
        llvm::SwitchInst* decision = builder_.CreateSwitch(key, other);
        for (std::uint32_t bank = 0; bank < device_.program.banks.size(); ++bank) add_cases(*decision, bank);
        builder_.SetInsertPoint(other);
        leave_with(call_other());
        finish();
    }

  private:
    llvm::Type* result_type() { return builder_.getInt64Ty(); }
    llvm::Argument* argument(unsigned index) { return function_->getArg(index); }
    llvm::Value* context() { return argument(0); }
    llvm::BasicBlock* block(const char* name) {
        return llvm::BasicBlock::Create(device_.module.getContext(), name, function_);
    }

    void add_cases(llvm::SwitchInst& decision, std::uint32_t bank) {
        for (std::uint64_t offset = 0; offset < device_.program.banks[bank].size; ++offset) {
            const std::vector<Meeting> found = at_byte(device_.program, bank, offset, is_write_);
            if (found.empty() || !begin_here(found, offset)) continue;
            if ((device_.program.banks[bank].widths & found[0].reg->width) == 0) continue;
            llvm::BasicBlock* hit = block("hit");
            const std::uint64_t key = std::uint64_t{bank} << 32 | offset << 4 | found[0].reg->width;
            decision.addCase(builder_.getInt64(key), hit);
            builder_.SetInsertPoint(hit);
            choose(found);
        }
    }

    // All of them begin at this byte, are of one width, and alone on every byte of it, so the guards cannot change what
    // the access covers.
    bool begin_here(const std::vector<Meeting>& found, std::uint64_t offset) const {
        const Register& first = *found[0].reg;
        for (const Meeting& one : found) {
            const bool begins = one.reg->offset + std::uint64_t{one.index} * one.reg->stride == offset;
            if (!begins || one.reg->width != first.width) return false;
        }
        for (unsigned byte = 1; byte < first.width; ++byte) {
            if (at_byte(device_.program, first.bank, offset + byte, is_write_).size() != found.size()) return false;
        }
        return true;
    }

    void choose(const std::vector<Meeting>& found) {
        for (const Meeting& one : found) {
            if (one.reg->guard == kNone) return act(one);
            llvm::BasicBlock *here = block("here"), *next = block("next");
            builder_.CreateCondBr(holds(one.reg->guard), here, next);
            builder_.SetInsertPoint(here);
            act(one);
            builder_.SetInsertPoint(next);
        }
        const bool is_zeros = device_.program.banks[found[0].reg->bank].gap == dev::ir::Gap::kZeros;
        leave_with(builder_.getInt64(is_zeros ? 0 : low_bits(found[0].reg->width * 8u)));
    }

    void act(const Meeting& one) {
        if (!is_write_) return leave_with(read(one));
        write(one);
        leave_with(nullptr);
    }

    llvm::Value* call(std::uint32_t function, std::vector<llvm::Value*> arguments = {}) {
        arguments.insert(arguments.begin(), context());
        return builder_.CreateCall(device_.functions[function], arguments);
    }
    llvm::Value* holds(std::uint32_t function) { return builder_.CreateIsNotNull(call(function)); }
    llvm::Value* stored(const Meeting& one) {
        if (one.reg->storage == kNone) return builder_.getInt64(0);
        return load_element(device_, builder_, context(), one.reg->storage, builder_.getInt64(one.index));
    }
    void store(const Meeting& one, llvm::Value* value) {
        store_element(device_, builder_, context(), one.reg->storage, builder_.getInt64(one.index), value);
    }

    llvm::Value* read(const Meeting& one) {
        const Register& reg = *one.reg;
        llvm::Value* value = nullptr;
        if (reg.on_read != kNone) {
            value = call(reg.on_read, {builder_.getInt64(one.index)});
        } else {
            value = builder_.CreateOr(builder_.CreateAnd(stored(one), ~reg.fixed_mask), reg.fixed);
            if (reg.computed != kNone) {
                llvm::Value* computed = call(reg.computed, {builder_.getInt64(one.index)});
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
        llvm::Value* value = builder_.CreateAnd(argument(4), low_bits(reg.width * 8u));
        llvm::Value* before = stored(one);
        if (reg.storage != kNone) store(one, written(reg.write, before, value));
        if (reg.on_write != kNone) call(reg.on_write, {value, before, builder_.getInt64(one.index)});
    }

    llvm::Value* written(const dev::ir::WriteMasks& masks, llvm::Value* before, llvm::Value* value) {
        llvm::Value* after =
            builder_.CreateOr(builder_.CreateAnd(before, ~masks.plain), builder_.CreateAnd(value, masks.plain));
        after = builder_.CreateAnd(after, builder_.CreateNot(builder_.CreateAnd(value, masks.one_clears)));
        after = builder_.CreateOr(after, builder_.CreateAnd(value, masks.one_sets));
        return builder_.CreateAnd(after, builder_.CreateOr(value, ~masks.zero_clears));
    }

    llvm::Value* call_other() {
        std::vector<llvm::Value*> arguments = {argument(1), argument(2), argument(3)};
        if (is_write_) arguments.push_back(argument(4));
        return call_host(builder_, context(), is_write_ ? HostCall::kWriteOther : HostCall::kReadOther,
                         is_write_ ? builder_.getVoidTy() : result_type(), arguments);
    }

    void leave_with(llvm::Value* value) {
        ways_out_.emplace_back(value, builder_.GetInsertBlock());
        builder_.CreateBr(done_);
    }

    // Whatever happened, the lines follow the state.
    void finish() {
        builder_.SetInsertPoint(done_);
        llvm::PHINode* value = nullptr;
        if (!is_write_) {
            value = builder_.CreatePHI(result_type(), static_cast<unsigned>(ways_out_.size()));
            for (auto& [result, from] : ways_out_) value->addIncoming(result, from);
        }
        llvm::Value* levels = builder_.getInt64(0);
        for (std::size_t i = 0; i < device_.program.lines.size(); ++i) {
            llvm::Value* level = builder_.CreateZExt(holds(device_.program.lines[i].level), builder_.getInt64Ty());
            levels = builder_.CreateOr(levels, builder_.CreateShl(level, i));
        }
        builder_.CreateStore(levels, builder_.CreateConstInBoundsGEP1_64(builder_.getInt64Ty(), context(),
                                                                         static_cast<unsigned>(ContextField::kLevels)));
        is_write_ ? builder_.CreateRetVoid() : builder_.CreateRet(value);
    }

    const DeviceModule& device_;
    llvm::IRBuilder<> builder_;
    bool is_write_;
    llvm::Function* function_ = nullptr;
    llvm::BasicBlock* done_ = nullptr;
    std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> ways_out_;
};

void declare_functions(DeviceModule& device) {
    llvm::LLVMContext& context = device.module.getContext();
    auto* number = llvm::Type::getInt64Ty(context);
    for (const dev::ir::Function& function : device.program.functions) {
        std::vector<llvm::Type*> types(1u + function.parameters, number);
        types[0] = llvm::PointerType::getUnqual(context);
        auto* result = function.returns ? static_cast<llvm::Type*>(number) : llvm::Type::getVoidTy(context);
        auto* made = llvm::Function::Create(llvm::FunctionType::get(result, types, false),
                                            llvm::Function::InternalLinkage, function.name, device.module);
        made->addFnAttr(llvm::Attribute::NoUnwind);
        device.functions.push_back(made);
    }
}

}  // namespace

std::string device_read_symbol(const Program& program) {
    return "nyx_device_" + program.name + "_read";
}

std::string device_write_symbol(const Program& program) {
    return "nyx_device_" + program.name + "_write";
}

std::unique_ptr<llvm::Module> device_module(llvm::LLVMContext& context, const Program& program) {
    auto module = std::make_unique<llvm::Module>("nyx-device-" + program.name, context);
    DeviceModule device{*module, program, dev::described::layout_of(program), {}};
    declare_functions(device);
    for (std::uint32_t i = 0; i < program.functions.size(); ++i) lower_function(device, i);
    Entry(device, false, device_read_symbol(program)).build();
    Entry(device, true, device_write_symbol(program)).build();
    return module;
}

}  // namespace nyx::codegen
