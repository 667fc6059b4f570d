// Operations on fields of the state: whole ones, elements of arrays, fifos.
#include "compiler/codegen/blocks.h"
#include "compiler/codegen/operations.h"

namespace nyx::codegen {

namespace {

using dev::ir::Instruction;
using dev::ir::Op;

class FieldOperation {
  public:
    FieldOperation(const Operations& at, const Instruction& one)
        : at_(at), builder_(at.builder), one_(one), field_(static_cast<std::uint32_t>(one.imm)) {}

    void add() {
        switch (one_.op) {
            case Op::kLoad:
                return at_.set(one_, load(at_.number(0)));
            case Op::kStore:
                return store(at_.number(0), at_.get(one_.a));
            case Op::kLoadAt:
                return load_at(at_.get(one_.a));
            case Op::kStoreAt:
                return store_at(at_.get(one_.a), at_.get(one_.b));
            case Op::kFifoLength:
                return at_.set(one_, word(kLength));
            case Op::kFifoClear:
                set_word(kFirst, at_.number(0));
                return set_word(kLength, at_.number(0));
            case Op::kFifoPush:
                return push(at_.get(one_.a));
            case Op::kFifoAt:
                return element_at(at_.get(one_.a));
            default:
                return pop();
        }
    }

  private:
    enum Word : unsigned { kFirst, kLength };  // in front of a fifo

    llvm::Value* load(llvm::Value* index) { return load_element(at_.device, builder_, at_.context, field_, index); }
    void store(llvm::Value* index, llvm::Value* value) {
        store_element(at_.device, builder_, at_.context, field_, index, value);
    }
    llvm::Value* count() { return at_.number(at_.device.program.state[field_].type.count); }

    void load_at(llvm::Value* index) {
        llvm::Value* is_inside = builder_.CreateICmpULT(index, count());
        at_.set(one_, at_.number(0));
        when(builder_, is_inside, [&] { at_.set(one_, load(index)); });
    }
    void store_at(llvm::Value* index, llvm::Value* value) {
        when(builder_, builder_.CreateICmpULT(index, count()), [&] { store(index, value); });
    }

    llvm::Value* word_address(Word word) {
        llvm::Value* state = context_field(builder_, at_.context, ContextField::kState);
        return builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), state,
                                                   at_.device.layout.fields[field_].lengths + 4 * word);
    }
    llvm::Value* word(Word which) {
        return at_.widened(builder_.CreateLoad(builder_.getInt32Ty(), word_address(which)));
    }
    void set_word(Word which, llvm::Value* value) {
        builder_.CreateStore(builder_.CreateTrunc(value, builder_.getInt32Ty()), word_address(which));
    }
    llvm::Value* place(llvm::Value* first, llvm::Value* index) {
        return builder_.CreateURem(builder_.CreateAdd(first, index), count());
    }

    void push(llvm::Value* value) {
        llvm::Value *first = word(kFirst), *length = word(kLength);
        when(builder_, builder_.CreateICmpULT(length, count()), [&] {
            store(place(first, length), value);
            set_word(kLength, builder_.CreateAdd(length, at_.number(1)));
        });
    }
    void element_at(llvm::Value* index) {
        llvm::Value *first = word(kFirst), *length = word(kLength);
        at_.set(one_, at_.number(0));
        when(builder_, builder_.CreateICmpULT(index, length), [&] { at_.set(one_, load(place(first, index))); });
    }
    void pop() {
        llvm::Value *first = word(kFirst), *length = word(kLength);
        at_.set(one_, at_.get(one_.a));
        when(builder_, builder_.CreateIsNotNull(length), [&] {
            at_.set(one_, load(first));
            set_word(kFirst, place(first, at_.number(1)));
            set_word(kLength, builder_.CreateSub(length, at_.number(1)));
        });
    }

    const Operations& at_;
    llvm::IRBuilder<>& builder_;
    const Instruction& one_;
    std::uint32_t field_;
};

}  // namespace

void add_field_operation(const Operations& at, const Instruction& one) {
    FieldOperation(at, one).add();
}

}  // namespace nyx::codegen
