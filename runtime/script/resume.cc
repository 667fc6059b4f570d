// Going on after a mistake: the build stage reports all that it can find in one run.
#include <algorithm>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

bool can_change(const Value& value) {
    return value.is(Type::kArray) || value.is(Type::kMap) || value.is(Type::kInstance) || value.is(Type::kHostObject);
}

// The instruction may change an object that the statement has loaded.
bool changes_object(Op op) {
    return op == Op::kSetMember || op == Op::kSetIndex || op == Op::kInvoke;
}

}  // namespace

bool Interpreter::has_no_value(const std::string& name) {
    if (mistaken_) return fail(ErrorKind::kMistake, "a mistake kept this from getting a value");
    return fail_with(ErrorKind::kName, "`{}` has no value yet", name);
}

bool Interpreter::will_be_caught() const {
    if (!catchable(error_.kind)) return false;
    return std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) {
        auto at = frame.ip - frame.function->code.data() - 1;
        const auto& handlers = frame.function->handlers;
        return std::any_of(handlers.begin(), handlers.end(),
                           [at](const Handler& handler) { return at >= handler.begin && at < handler.end; });
    });
}

// False where no statement above `stop` frames can be left alone: then this run ends, and a run around it may go on.
bool Interpreter::resume(std::size_t stop) {
    if (error_.kind == ErrorKind::kStop || error_.kind == ErrorKind::kLimit || will_be_caught()) return false;
    for (std::size_t depth = frames_.size(); depth > stop; --depth) {
        Frame& frame = frames_[depth - 1];
        auto at = frame.ip - frame.function->code.data() - 1;
        const auto& statements = frame.function->statements;
        auto around = std::find_if(statements.begin(), statements.end(),
                                   [at](const Statement& one) { return at >= one.begin && at < one.end; });
        if (around == statements.end()) continue;
        if (depth < frames_.size()) close_cells(frames_[depth].base);
        frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(depth), frames_.end());
        machines_.abandon(depth);
        sp_ = frame.base + frame.function->local_count;
        frame.ip = frame.function->code.data() + around->end;
        if (error_.kind != ErrorKind::kMistake) report_(error_);
        if (!mistaken_) grant(std::min(steps_left_ + steps_later_, limits_.steps_after_mistake));
        mistaken_ = true;
        forget(frame, *around);
        return true;
    }
    return false;
}

// Everything that the statement might have set or changed is unknown.
void Interpreter::forget(Frame& frame, const Statement& statement) {
    auto begin = frame.function->code.begin() + statement.begin;
    auto end = frame.function->code.begin() + statement.end;
    bool changes = error_.kind != ErrorKind::kCapability &&
                   std::any_of(begin, end, [](const Instruction& in) { return changes_object(in.op); });
    auto forget_object = [changes](Value& value) {
        if (changes && can_change(value)) value = Value::unset();
    };
    bool set_something = false;
    bool in_device = false;
    for (auto in = begin; in != end; ++in) {
        switch (in->op) {
            case Op::kStoreLocal:
            case Op::kAddLocalInt:
            case Op::kAppendLocal:
                frame.base[in->a] = Value::unset();
                set_something = true;
                break;
            case Op::kStoreGlobal:
                globals_[in->b] = Value::unset();
                break;
            case Op::kStoreCell:
                *frame.closure->cells[in->b]->target = Value::unset();
                break;
            case Op::kLoadLocal:
            case Op::kLoadLocalChecked:
                forget_object(frame.base[in->a]);
                break;
            case Op::kLoadGlobal:
                forget_object(globals_[in->b]);
                break;
            case Op::kSetting:
                if (!in_device) machines_.forget(program_.settings[in->b]);
                set_something = true;
                break;
            case Op::kBeginDevice:
                in_device = true;
                machines_.mark_incomplete();
                break;
            case Op::kEndDevice:
                in_device = false;
                break;
            default:
                break;
        }
    }
    if (!set_something) machines_.mark_incomplete();
}

}  // namespace nyx::script
