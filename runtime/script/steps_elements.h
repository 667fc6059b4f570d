// Members of objects, elements of collections, and how collections come about.
#pragma once

#include "runtime/script/loop.h"

namespace nyx::script {

struct Interpreter::Loop::Elements {
    NYX_STEP(Member) {
        const String* name = at.vm.names_[in.b];
        if (auto* instance = at.sp[-1].try_as<Instance>()) {
            auto slot = static_cast<std::size_t>(instance->cls->slot(name));
            if (slot < instance->slots.size() && !instance->slots[slot].is(Type::kUnset)) {
                at.sp[-1] = instance->slots[slot];
                return true;
            }
        }
        return at.run(&Interpreter::load_member, name);
    }
    NYX_STEP(SetMember) { return at.run(&Interpreter::store_member, at.vm.names_[in.b]); }
    NYX_STEP(Index) {
        auto* array = at.sp[-1].is(Type::kInt) ? at.sp[-2].try_as<Array>() : nullptr;
        if (array) {
            auto index = static_cast<std::uint64_t>(at.sp[-1].as_int());
            if (index < array->items.size()) {
                --at.sp;
                at.sp[-1] = array->items[index];
                return true;
            }
        }
        return at.run(&Interpreter::load_index);
    }
    NYX_STEP(SetIndex) { return at.run(&Interpreter::store_index); }
    NYX_STEP(Slice) { return at.run(&Interpreter::slice); }

    NYX_STEP(MakeArray) { return at.run(&Interpreter::make_list<Array>, in.b); }
    NYX_STEP(MakeTuple) { return at.run(&Interpreter::make_list<Tuple>, in.b); }
    NYX_STEP(MakeMap) { return at.run(&Interpreter::make_map, in.b); }
    NYX_STEP(AppendLocal) { return at.run(&Interpreter::append_local, at.base + in.a); }
    NYX_STEP(Unpack) { return at.run(&Interpreter::unpack, in.a); }
};

}  // namespace nyx::script
