#include "compiler/codegen/device_function.h"

#include <map>

#include "compiler/codegen/blocks.h"
#include "compiler/codegen/operations.h"

namespace nyx::codegen {

namespace {

using dev::ir::Instruction;
using dev::ir::Op;

class FunctionLowering {
  public:
    FunctionLowering(const DeviceModule& device, std::uint32_t number)
        : source_(device.program.functions[number]),
          function_(*device.functions[number]),
          builder_(device.module.getContext()),
          at_{device, builder_, function_.getArg(0)} {}

    void run() {
        builder_.SetInsertPoint(llvm::BasicBlock::Create(builder_.getContext(), "entry", &function_));
        for (unsigned i = 0; i < source_.temporaries; ++i) {
            at_.temporaries.push_back(builder_.CreateAlloca(builder_.getInt64Ty()));
            builder_.CreateStore(i < source_.parameters ? function_.getArg(i + 1) : at_.number(0),
                                 at_.temporaries.back());
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
    llvm::BasicBlock* block(const char* name) { return new_block(builder_, name); }

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
                builder_.CreateCondBr(builder_.CreateIsNotNull(at_.get(one.a)), next, target(one.imm));
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
        count->addIncoming(at_.number(0), before);
        builder_.CreateCondBr(builder_.CreateICmpULT(count, at_.number(one.imm)), body, after);
        builder_.SetInsertPoint(body);
        builder_.CreateStore(count, at_.temporaries[one.dst]);
        range(at + 1, at + 1 + one.b, next);
        builder_.SetInsertPoint(next);
        count->addIncoming(builder_.CreateAdd(count, at_.number(1)), next);
        builder_.CreateBr(head);
        builder_.SetInsertPoint(after);
    }

    void step(const Instruction& one) {
        switch (one.op) {
            case Op::kLoad:
            case Op::kStore:
            case Op::kLoadAt:
            case Op::kStoreAt:
            case Op::kFifoLength:
            case Op::kFifoPush:
            case Op::kFifoPop:
            case Op::kFifoAt:
            case Op::kFifoClear:
                return add_field_operation(at_, one);
            case Op::kEmit:
            case Op::kQuery:
            case Op::kTimerArm:
            case Op::kTimerCancel:
            case Op::kTimerRunning:
            case Op::kTimerElapsed:
            case Op::kControl:
            case Op::kWallTime:
                return add_host_operation(at_, one);
            case Op::kReturn:
                return give_back(one);
            default:
                return at_.set(one, computed(at_, one));
        }
    }

    void give_back(const Instruction& one) {
        if (source_.returns) {
            builder_.CreateRet(at_.get(one.a));
        } else {
            builder_.CreateRetVoid();
        }
        builder_.SetInsertPoint(block("behind"));
    }

    const dev::ir::Function& source_;
    llvm::Function& function_;
    llvm::IRBuilder<> builder_;
    Operations at_;
};

}  // namespace

void lower_function(const DeviceModule& device, std::uint32_t number) {
    FunctionLowering(device, number).run();
}

}  // namespace nyx::codegen
