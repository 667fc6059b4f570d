// What a script says about machines, before anyone has checked it: names and values with the places that set them.
//
// Both forms of source end here. A `machine` block is lowered to instructions that fill one of these, and the classic
// fluent builder (stdlib/vm_production.ny) calls the natives that do the same; compiler/check turns it into a
// model::Machine by the schemas.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/base/span.h"
#include "runtime/script/value.h"

namespace nyx::script {

// What a part of an expression was when it was evaluated: of `n` in `memory = n * 1 GiB`.
struct Note {
    Span where;
    Value value;
};

// field = value. where is the place in the user's own text: the innermost frame that is not stdlib.
struct Setting {
    std::string name;
    Value value;      // kUnset: unknown because of a mistake that was reported
    Span where;       // the value (or the builder call) as written
    Span name_where;  // the field's name as written; unknown for builder calls
    std::vector<Note> parts =
        {};  // in the order in which they were evaluated; of the last round where there was a loop
};

// require condition, message: evaluated by compiler/check when all values are known.
struct Requirement {
    Value condition;  // a function without parameters that reads the machine's fields by name
    std::string message;
    Span where;
};

// test "title" { … }: run by `nyxc test`.
struct Test {
    std::string title;
    Value body;  // a function without parameters that reads the machine's fields, and what tests can do, by name
    Span where;  // the title
};

// on event (ctx) { … }: run by `nyx run`.
struct EventHandler {
    std::string event;  // "reset": an event of this build (machine_events.h)
    Value body;         // a function that takes what is told of the event, if it takes anything
    Span where;         // the event's name
};

struct DeviceConfig {
    std::string type;  // "serial"
    std::string name;  // "com1"; empty: compiler/check names it
    Span where;        // type and name as written
    std::vector<Setting>
        settings;  // a name may appear twice; that is a mistake which compiler/check reports with both places
    bool incomplete = false;
};

// A capability that the script asked for and this build does not have. Such a machine can be checked, not built.
struct Need {
    std::string what;
    Span where;
};

struct MachineConfig {
    std::string name;
    Span where;
    std::string doc;
    std::string base;  // the machine it extends; empty: none
    Span base_where;
    std::vector<Setting> settings;
    std::vector<DeviceConfig> devices;
    std::vector<Requirement> requirements;
    std::vector<Need> needs;
    std::vector<Test> tests = {};
    std::vector<EventHandler> handlers = {};
    bool incomplete = false;  // a statement with a mistake might have set more
    bool is_host = false;     // `host rack { … }`: what runs machines, not one of them
};

}  // namespace nyx::script
