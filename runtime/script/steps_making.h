// Functions, classes, records and text that come about while a script runs, checks of types, and machines.
#pragma once

#include "runtime/script/loop.h"

namespace nyx::script {

struct Interpreter::Loop::Making {
    NYX_STEP(Closure) {
        at.sync();
        at.vm.maybe_collect();
        at.push(at.vm.make_closure(at.vm.program_.functions[in.b]));
        return at.run(&Interpreter::within_heap);
    }
    NYX_STEP(MakeClass) { return at.run(&Interpreter::make_class, at.vm.program_.classes[in.b]); }
    NYX_STEP(Record) { return at.run(&Interpreter::make_record, at.vm.program_.records[in.b]); }
    NYX_STEP(Symbol) {
        at.sync();
        at.vm.maybe_collect();
        return at.push(at.vm.heap_.make<Symbol>(at.vm.program_.constants[in.b].text, at.vm.here()));
    }
    NYX_STEP(Coerce) { return at.run(&Interpreter::coerce, at.sp[-1], at.vm.program_.checks[in.b]); }
    NYX_STEP(CoerceLocal) { return at.run(&Interpreter::coerce, at.base[in.a], at.vm.program_.checks[in.b]); }
    NYX_STEP(Format) { return at.run(&Interpreter::format_top, at.vm.program_.constants[in.b].text); }
    NYX_STEP(Concat) { return at.run(&Interpreter::concat, in.b); }

    NYX_STEP(BeginMachine) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(Setting) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(BeginDevice) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(EndDevice) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(Require) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(EndMachine) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(LoadField) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(Test) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(On) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(Need) { return at.run(&Interpreter::describe, in); }
    NYX_STEP(Note) { return at.run(&Interpreter::describe, in); }
};

}  // namespace nyx::script
