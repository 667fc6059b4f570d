#include "compiler/codegen/device_function.h"

#include <map>

namespace nyx::codegen {

namespace {

using dev::ir::Instruction;
using dev::ir::low_bits;
using dev::ir::Op;

// Temporaries are stack slots, which the optimiser turns into values.
class FunctionLowering {
  public:
    FunctionLowering(const DeviceModule& device, std::uint32_t number)
        : device_(device),
          source_(device.program.functions[number]),
          function_(*device.functions[number]),
          builder_(device.module.getContext()) {}

    void run() {
        builder_.SetInsertPoint(block("entry"));
        for (unsigned i = 0; i < source_.temporaries; ++i) {
            temporaries_.push_back(builder_.CreateAlloca(builder_.getInt64Ty()));
            builder_.CreateStore(i < source_.parameters ? function_.getArg(i + 1) : number(0), temporaries_.back());
        }
        llvm::BasicBlock* end = block("end");
        range(0, source_.code.size(), end);
        builder_.SetInsertPoint(end);
        if (source_.returns) {
            builder_.CreateUnreachable();  // verify(): every way out returns
        } else {
            builder_.CreateRetVoid();
        }
    }

  private:
    llvm::BasicBlock* block(const char* name) {
        return llvm::BasicBlock::Create(device_.module.getContext(), name, &function_);
    }
    llvm::Value* context() { return function_.getArg(0); }
    llvm::Value* number(std::uint64_t value) { return builder_.getInt64(value); }
    llvm::Value* get(std::uint16_t temporary) {
        return builder_.CreateLoad(builder_.getInt64Ty(), temporaries_[temporary]);
    }
    void set(const Instruction& one, llvm::Value* value) {
        builder_.CreateStore(builder_.CreateAnd(value, low_bits(one.bits)), temporaries_[one.dst]);
    }
    llvm::Value* named(const Instruction& one) { return builder_.getInt32(static_cast<std::uint32_t>(one.imm)); }
    static std::uint32_t field(const Instruction& one) { return static_cast<std::uint32_t>(one.imm); }
    llvm::Value* widened(llvm::Value* condition) { return builder_.CreateZExt(condition, builder_.getInt64Ty()); }

    // Instructions [begin, end); behind the last one, or by a jump to `end`, control goes to `after`.
    void range(std::size_t begin, std::size_t end, llvm::BasicBlock* after) {
        std::map<std::uint64_t, llvm::BasicBlock*> targets = {{end, after}};
        const auto target = [&](std::uint64_t at) {
            llvm::BasicBlock*& found = targets[at];
            if (found == nullptr) found = block("target");
            return found;
        };
        for (std::size_t at = begin; at < end; ++at) {
            if (auto found = targets.find(at); found != targets.end()) go_on_in(found->second);
            const Instruction& one = source_.code[at];
            if (one.op == Op::kJump) {
                leave_to(target(one.imm));
            } else if (one.op == Op::kJumpIfNot) {
                llvm::BasicBlock* next = block("next");
                builder_.CreateCondBr(builder_.CreateIsNotNull(get(one.a)), next, target(one.imm));
                builder_.SetInsertPoint(next);
            } else if (one.op == Op::kLoop) {
                loop(one, at);
                at += one.b;
            } else {
                step(one);
            }
        }
        builder_.CreateBr(after);
    }

    void go_on_in(llvm::BasicBlock* next) {
        builder_.CreateBr(next);
        builder_.SetInsertPoint(next);
    }
    // What follows is reached by jumps only, or not at all.
    void leave_to(llvm::BasicBlock* to) {
        builder_.CreateBr(to);
        builder_.SetInsertPoint(block("behind"));
    }

    void loop(const Instruction& one, std::size_t at) {
        llvm::BasicBlock *head = block("loop"), *body = block("body"), *next = block("again"), *after = block("after");
        llvm::BasicBlock* before = builder_.GetInsertBlock();
        builder_.CreateBr(head);
        builder_.SetInsertPoint(head);
        llvm::PHINode* count = builder_.CreatePHI(builder_.getInt64Ty(), 2);
        count->addIncoming(number(0), before);
        builder_.CreateCondBr(builder_.CreateICmpULT(count, number(one.imm)), body, after);
        builder_.SetInsertPoint(body);
        builder_.CreateStore(count, temporaries_[one.dst]);
        range(at + 1, at + 1 + one.b, next);
        builder_.SetInsertPoint(next);
        count->addIncoming(builder_.CreateAdd(count, number(1)), next);
        builder_.CreateBr(head);
        builder_.SetInsertPoint(after);
    }

    void step(const Instruction& one) {
        switch (one.op) {
            case Op::kLoad:
                return set(one, load_element(device_, builder_, context(), field(one), number(0)));
            case Op::kStore:
                return store_element(device_, builder_, context(), field(one), number(0), get(one.a));
            case Op::kLoadAt:
            case Op::kStoreAt:
                return element(one);
            case Op::kFifoLength:
            case Op::kFifoPush:
            case Op::kFifoPop:
            case Op::kFifoAt:
            case Op::kFifoClear:
                return fifo(one);
            case Op::kEmit:
            case Op::kQuery:
            case Op::kTimerArm:
            case Op::kTimerCancel:
            case Op::kTimerRunning:
            case Op::kTimerElapsed:
            case Op::kControl:
                return outside(one);
            case Op::kWallTime:
                return set(one, call_host(builder_, context(), HostCall::kWallTime, builder_.getInt64Ty(), {}));
            case Op::kReturn:
                return give_back(one);
            default:
                return set(one, result(one));
        }
    }

    void give_back(const Instruction& one) {
        if (source_.returns) {
            builder_.CreateRet(get(one.a));
        } else {
            builder_.CreateRetVoid();
        }
        builder_.SetInsertPoint(block("behind"));
    }

    llvm::Value* result(const Instruction& one) {
        if (one.op == Op::kConstant) return number(one.imm);
        if (one.op == Op::kSetting) return number(device_.program.settings[one.imm].value);
        llvm::Value* a = get(one.a);
        if (one.op == Op::kCopy) return a;
        if (one.op == Op::kNot) return builder_.CreateNot(a);
        llvm::Value* b = get(one.b);
        switch (one.op) {
            case Op::kAdd:
                return builder_.CreateAdd(a, b);
            case Op::kSubtract:
                return builder_.CreateSub(a, b);
            case Op::kMultiply:
                return builder_.CreateMul(a, b);
            case Op::kDivide:
            case Op::kRemainder:
                return divided(one, a, b);
            case Op::kAnd:
                return builder_.CreateAnd(a, b);
            case Op::kOr:
                return builder_.CreateOr(a, b);
            case Op::kXor:
                return builder_.CreateXor(a, b);
            case Op::kShiftLeft:
            case Op::kShiftRight:
                return shifted(one, a, b);
            case Op::kEqual:
                return widened(builder_.CreateICmpEQ(a, b));
            default:
                return widened(builder_.CreateICmpULT(a, b));
        }
    }

    llvm::Value* divided(const Instruction& one, llvm::Value* a, llvm::Value* b) {
        llvm::Value* is_zero = builder_.CreateIsNull(b);
        llvm::Value* by = builder_.CreateSelect(is_zero, number(1), b);
        if (one.op == Op::kDivide)
            return builder_.CreateSelect(is_zero, number(~std::uint64_t{0}), builder_.CreateUDiv(a, by));
        return builder_.CreateSelect(is_zero, a, builder_.CreateURem(a, by));
    }

    llvm::Value* shifted(const Instruction& one, llvm::Value* a, llvm::Value* b) {
        llvm::Value* is_far = builder_.CreateICmpUGE(b, number(one.bits));
        llvm::Value* by = builder_.CreateSelect(is_far, number(0), b);
        llvm::Value* value = one.op == Op::kShiftLeft ? builder_.CreateShl(a, by) : builder_.CreateLShr(a, by);
        return builder_.CreateSelect(is_far, number(0), value);
    }

    // `inside` runs where the condition holds.
    template <class Inside>
    void where(llvm::Value* condition, Inside inside) {
        llvm::BasicBlock *then = block("then"), *after = block("after");
        builder_.CreateCondBr(condition, then, after);
        builder_.SetInsertPoint(then);
        inside();
        builder_.CreateBr(after);
        builder_.SetInsertPoint(after);
    }

    void element(const Instruction& one) {
        llvm::Value* index = get(one.a);
        llvm::Value* is_inside = builder_.CreateICmpULT(index, number(device_.program.state[one.imm].type.count));
        if (one.op == Op::kLoadAt) set(one, number(0));
        if (one.op == Op::kLoadAt) {
            return where(is_inside, [&] { set(one, load_element(device_, builder_, context(), field(one), index)); });
        }
        llvm::Value* value = get(one.b);
        where(is_inside, [&] { store_element(device_, builder_, context(), field(one), index, value); });
    }

    // The two words in front of a fifo.
    llvm::Value* word_address(const Instruction& one, unsigned word) {
        llvm::Value* state = context_field(builder_, context(), ContextField::kState);
        return builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), state,
                                                   device_.layout.fields[one.imm].lengths + 4 * word);
    }
    llvm::Value* word(const Instruction& one, unsigned which) {
        return widened(builder_.CreateLoad(builder_.getInt32Ty(), word_address(one, which)));
    }
    void set_word(const Instruction& one, unsigned which, llvm::Value* value) {
        builder_.CreateStore(builder_.CreateTrunc(value, builder_.getInt32Ty()), word_address(one, which));
    }

    void fifo(const Instruction& one) {
        llvm::Value* capacity = number(device_.program.state[one.imm].type.count);
        llvm::Value *first = word(one, 0), *length = word(one, 1);
        const auto place = [&](llvm::Value* index) {
            return builder_.CreateURem(builder_.CreateAdd(first, index), capacity);
        };
        const auto element = [&](llvm::Value* at) {
            return load_element(device_, builder_, context(), field(one), at);
        };
        if (one.op == Op::kFifoLength) return set(one, length);
        if (one.op == Op::kFifoClear) {
            set_word(one, 0, number(0));
            return set_word(one, 1, number(0));
        }
        llvm::Value* a = get(one.a);
        if (one.op == Op::kFifoPush) {
            return where(builder_.CreateICmpULT(length, capacity), [&] {
                store_element(device_, builder_, context(), field(one), place(length), a);
                set_word(one, 1, builder_.CreateAdd(length, number(1)));
            });
        }
        if (one.op == Op::kFifoAt) {
            set(one, number(0));
            return where(builder_.CreateICmpULT(a, length), [&] { set(one, element(place(a))); });
        }
        set(one, a);  // FifoPop
        where(builder_.CreateIsNotNull(length), [&] {
            set(one, element(first));
            set_word(one, 0, place(number(1)));
            set_word(one, 1, builder_.CreateSub(length, number(1)));
        });
    }

    void outside(const Instruction& one) {
        llvm::Type* nothing = builder_.getVoidTy();
        const auto call = [&](HostCall which, llvm::Type* type, bool with_value) {
            std::vector<llvm::Value*> arguments = {named(one)};
            if (with_value) arguments.push_back(get(one.a));
            return call_host(builder_, context(), which, type, arguments);
        };
        switch (one.op) {
            case Op::kEmit:
                call(HostCall::kEmit, nothing, true);
                break;
            case Op::kQuery:
                set(one, call(HostCall::kAnswer, builder_.getInt64Ty(), true));
                break;
            case Op::kTimerArm:
                call(HostCall::kArm, nothing, true);
                break;
            case Op::kTimerCancel:
                call(HostCall::kCancel, nothing, false);
                break;
            case Op::kControl:
                call(HostCall::kAsk, nothing, true);
                break;
            default: {
                const bool asks = one.op == Op::kTimerRunning;
                set(one, call(asks ? HostCall::kIsRunning : HostCall::kElapsed, builder_.getInt64Ty(), false));
            }
        }
    }

    const DeviceModule& device_;
    const dev::ir::Function& source_;
    llvm::Function& function_;
    llvm::IRBuilder<> builder_;
    std::vector<llvm::AllocaInst*> temporaries_;
};

}  // namespace

void lower_function(const DeviceModule& device, std::uint32_t number) {
    FunctionLowering(device, number).run();
}

}  // namespace nyx::codegen
