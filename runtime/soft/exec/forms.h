// The shapes that most instructions have, so that a group says only what is computed.
//
// Use: reads one operand, register or memory. `apply<T>(cpu, op, value)` does the rest; where it returns bool, false
// means that it raised.
// Change: reads an operand and writes it back. `apply<T>(cpu, op, value)` returns what it becomes. It runs once, after
// everything that can fail.
// Make: writes an operand without reading it. `value<T>(cpu, op)`.
#pragma once

#include <type_traits>

#include "runtime/soft/exec/pick.h"

namespace nyx::soft {

template <class Use, class T>
bool apply_use(Cpu& cpu, const Op* op, T value) {
    if constexpr (std::is_same_v<decltype(Use::template apply<T>(cpu, op, value)), bool>) {
        return Use::template apply<T>(cpu, op, value);
    } else {
        Use::template apply<T>(cpu, op, value);
        return true;
    }
}

template <class Use, class T>
void use_register(Cpu& cpu, const Op* op) {
    if (!apply_use<Use, T>(cpu, op, get<T>(cpu, op->src))) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class Use, class T, class Address>
void use_memory(Cpu& cpu, const Op* op) {
    T value;
    if (!load<Address>(cpu, op, value) || !apply_use<Use, T>(cpu, op, value)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class Change, class T>
void change_register(Cpu& cpu, const Op* op) {
    set<T>(cpu, op->dst, Change::template apply<T>(cpu, op, get<T>(cpu, op->dst)));
    return go_on(cpu, op);
}

template <class Change, class T, class Address>
void change_memory(Cpu& cpu, const Op* op) {
    auto linear = Address::address(cpu, op, sizeof(T), Touch::kWrite);
    auto change = [&cpu, op](T value) { return Change::template apply<T>(cpu, op, value); };
    if (!linear || !update<T>(cpu, *linear, change)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class Make, class T>
void make_register(Cpu& cpu, const Op* op) {
    set<T>(cpu, op->dst, Make::template value<T>(cpu, op));
    return go_on(cpu, op);
}

template <class Make, class T, class Address>
void make_memory(Cpu& cpu, const Op* op) {
    if (!store<Address>(cpu, op, Make::template value<T>(cpu, op))) return stop_at(cpu, op);
    return go_on(cpu, op);
}

// Each sets op.run for the operand of this number, by the operand's own width; the other operands are the caller's.
template <class Use>
bool lower_use(Lowering& l, unsigned operand) {
    if (l.is_register(operand)) {
        l.op.src = l.general(operand);
        l.op.run = by_width(l.bits(operand), []<class T>() -> Run { return &use_register<Use, T>; });
    } else {
        AddressKind kind = l.address(operand);
        l.op.run = by_width(l.bits(operand), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &use_memory<Use, T, Address>; });
        });
    }
    return l.op.run != nullptr;
}

template <class Change>
bool lower_change(Lowering& l, unsigned operand) {
    if (l.is_register(operand)) {
        l.op.dst = l.general(operand);
        l.op.run = by_width(l.bits(operand), []<class T>() -> Run { return &change_register<Change, T>; });
    } else {
        AddressKind kind = l.address(operand);
        l.op.run = by_width(l.bits(operand), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &change_memory<Change, T, Address>; });
        });
    }
    return l.op.run != nullptr;
}

template <class Make>
bool lower_make(Lowering& l, unsigned operand) {
    if (l.is_register(operand)) {
        l.op.dst = l.general(operand);
        l.op.run = by_width(l.bits(operand), []<class T>() -> Run { return &make_register<Make, T>; });
    } else {
        AddressKind kind = l.address(operand);
        l.op.run = by_width(l.bits(operand), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &make_memory<Make, T, Address>; });
        });
    }
    return l.op.run != nullptr;
}

// Shorthands for results and flags.
template <class T>
inline constexpr unsigned kBits = 8 * sizeof(T);
template <class T>
constexpr bool top_bit(T value) {
    return (value >> (kBits<T> - 1)) != 0;
}
constexpr std::uint64_t flag_if(bool on, std::uint64_t flag) {
    return on ? flag : 0;
}

}  // namespace nyx::soft
