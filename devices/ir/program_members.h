// The members of a program's parts with their names in JSON, written once for reader and writer (program_json.cc).
//
// members(io, part) calls io(name, member) for each. The bindings name every member of a part, so that one more does
// not compile until it has its line here.
#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

template <class T, class Part>
concept Is = std::same_as<std::remove_const_t<T>, Part>;

// Texts of an enumeration's values, in their order.
template <class E>
std::span<const std::string_view> texts_of();

template <class Io>
void members(Io& io, Is<Type> auto& part) {
    auto& [kind, bits, count] = part;
    io("kind", kind);
    io("bits", bits);
    io("count", count);
}

template <class Io>
void members(Io& io, Is<StateField> auto& part) {
    auto& [id, name, type, initial, since, doc] = part;
    io("id", id);
    io("name", name);
    io("type", type);
    io("initial", initial);
    io("since", since);
    io("doc", doc);
}

template <class Io>
void members(Io& io, Is<Function> auto& part) {
    auto& [name, parameters, temporaries, returns, code] = part;
    io("name", name);
    io("parameters", parameters);
    io("temporaries", temporaries);
    io("returns", returns);
    io("code", code);
}

template <class Io>
void members(Io& io, Is<Bank> auto& part) {
    auto& [name, space, size, gap, narrow, widths, doc] = part;
    io("name", name);
    io("space", space);
    io("size", size);
    io("gap", gap);
    io("narrow", narrow);
    io("widths", widths);
    io("doc", doc);
}

template <class Io>
void members(Io& io, Is<WriteMasks> auto& part) {
    auto& [plain, one_clears, one_sets, zero_clears] = part;
    io("plain", plain);
    io("one_clears", one_clears);
    io("one_sets", one_sets);
    io("zero_clears", zero_clears);
}

template <class Io>
void members(Io& io, Is<Register> auto& part) {
    auto& [name, bank, offset, width, count, stride, readable, writable, by_parts, guard, phase, storage, write,
           read_clears, fixed_mask, fixed, computed_mask, computed, on_read, on_write, reset, kind, promise, fields,
           doc] = part;
    io("name", name);
    io("bank", bank);
    io("offset", offset);
    io("width", width);
    io("count", count);
    io("stride", stride);
    io("readable", readable);
    io("writable", writable);
    io("by_parts", by_parts);
    io("guard", guard);
    io("phase", phase);
    io("storage", storage);
    io("write", write);
    io("read_clears", read_clears);
    io("fixed_mask", fixed_mask);
    io("fixed", fixed);
    io("computed_mask", computed_mask);
    io("computed", computed);
    io("on_read", on_read);
    io("on_write", on_write);
    io("reset", reset);
    io("kind", kind);
    io("promise", promise);
    io("fields", fields);
    io("doc", doc);
}

template <class Io>
void members(Io& io, Is<Field> auto& part) {
    auto& [name, high, low, kind, doc] = part;
    io("name", name);
    io("high", high);
    io("low", low);
    io("kind", kind);
    io("doc", doc);
}

template <class Io>
void members(Io& io, Is<Derive> auto& part) {
    auto& [name, bits, value] = part;
    io("name", name);
    io("bits", bits);
    io("value", value);
}

template <class Io>
void members(Io& io, Is<Setting> auto& part) {
    auto& [name, bits, value, of_machine] = part;
    io("name", name);
    io("bits", bits);
    io("value", value);
    io("of_machine", of_machine);
}

template <class Io>
void members(Io& io, Is<Acpi> auto& part) {
    auto& [hid, cid, uid] = part;
    io("hid", hid);
    io("cid", cid);
    io("uid", uid);
}

template <class Io>
void members(Io& io, Is<Line> auto& part) {
    auto& [name, level] = part;
    io("name", name);
    io("level", level);
}

template <class Io>
void members(Io& io, Is<Sink> auto& part) {
    auto& [name, bits] = part;
    io("name", name);
    io("bits", bits);
}

template <class Io>
void members(Io& io, Is<Query> auto& part) {
    auto& [name, about, bits] = part;
    io("name", name);
    io("about", about);
    io("bits", bits);
}

template <class Io>
void members(Io& io, Is<Source> auto& part) {
    auto& [name, bits, accepts, handler] = part;
    io("name", name);
    io("bits", bits);
    io("accepts", accepts);
    io("handler", handler);
}

template <class Io>
void members(Io& io, Is<Timer> auto& part) {
    auto& [id, name, hertz, handler] = part;
    io("id", id);
    io("name", name);
    io("hertz", hertz);
    io("handler", handler);
}

template <class Io>
void members(Io& io, Is<Migration> auto& part) {
    auto& [from, to, made, old, code] = part;
    io("from", from);
    io("to", to);
    io("made", made);
    io("old", old);
    io("code", code);
}

template <class Io>
void members(Io& io, Is<ScriptClass> auto& part) {
    auto& [name, bases, controls, has_clock, code] = part;
    io("name", name);
    io("bases", bases);
    io("controls", controls);
    io("has_clock", has_clock);
    io("code", code);
}

template <class Io>
void members(Io& io, Is<Program> auto& part) {
    auto& [name, title, version, state, functions, banks, registers, lines, sinks, sources, timers, invariants,
           on_reset, on_power_on, settings, derives, acpi, doc, migrations, script, queries] = part;
    io("name", name);
    io("title", title);
    io("version", version);
    io("state", state);
    io("functions", functions);
    io("banks", banks);
    io("registers", registers);
    io("lines", lines);
    io("sinks", sinks);
    io("sources", sources);
    io("timers", timers);
    io("invariants", invariants);
    io("on_reset", on_reset);
    io("on_power_on", on_power_on);
    io("settings", settings);
    io("derives", derives);
    io("acpi", acpi);
    io("doc", doc);
    io("migrations", migrations);
    io("script", script);
    io("queries", queries);
}

}  // namespace nyx::dev::ir
