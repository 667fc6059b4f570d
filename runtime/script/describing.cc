// The instructions that describe a machine.
#include "runtime/base/check.h"
#include "runtime/script/interpreter.h"

namespace nyx::script {

bool Interpreter::describe(const Instruction& in) {
    switch (in.op) {
        case Op::kBeginMachine:
            machines_.begin(heap_, program_.machines[in.b], frames_.size());
            return true;
        case Op::kSetting:
            machines_.set(program_.settings[in.b], *--sp_);
            return true;
        case Op::kBeginDevice:
            machines_.begin_device(program_.devices[in.b]);
            return true;
        case Op::kEndDevice:
            machines_.end_device();
            return true;
        case Op::kRequire:
            machines_.require({sp_[-2], to_text(sp_[-1]), here()});
            sp_ -= 2;
            return true;
        case Op::kEndMachine: {
            MachineObject* machine = machines_.end();
            *sp_++ = machine ? Value(machine) : Value();
            return true;
        }
        case Op::kLoadField:
            return load_field(program_.constants[in.b].text);
        case Op::kTest:
            machines_.test({program_.constants[in.b].text, *--sp_, here()});
            return true;
        case Op::kOn:
            machines_.on({program_.constants[in.b].text, *--sp_, here()});
            return true;
        case Op::kNeed:
            machines_.need(program_.constants[in.b].text, here());
            return true;
        case Op::kNote:
            machines_.note(here(), sp_[-1]);
            return true;
        default:
            break;
    }
    NYX_CHECK(false, "instruction {} describes no machine", static_cast<unsigned>(in.op));
    return false;
}

}  // namespace nyx::script
