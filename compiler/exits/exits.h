// Which accesses of a machine's devices will exit, and why: what `nyxc explain-exits` says.
//
// Of a device described in Nyx by the classes of its registers (devices/ir/service.h) and where the plan puts them; of
// a C++ class by its register table and what it says it can do without exits.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "devices/ir/service.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::exits {

struct Direction {
    bool exists = true;
    dev::ir::Served served;
    // Of one operation, on KVM. Of a queued write 0, though one that finds the queue full exits.
    unsigned exits = 1;
    std::string condition = {};  // under which that holds, "lcr.dlab = 0"; otherwise it is an exit. Empty: always
};

struct Row {
    std::string reg;
    std::string when;  // the mode in which it is there; empty: always
    bool is_port = false;
    std::uint64_t address = 0;
    std::uint32_t count = 1;
    Direction read, write;
};

struct DeviceExits {
    std::string name, type;
    std::string unknown;  // why nothing is known; empty: it is
    std::vector<Row> rows;
};

// In the order of the plan. programs: of the types that are described in Nyx, verified and held against the plan.
std::vector<DeviceExits> predict(const plan::MachinePlan& plan, std::span<const dev::ir::Program> programs);

std::string as_text(const std::vector<DeviceExits>& devices);
std::string as_json(const std::vector<DeviceExits>& devices);

}  // namespace nyx::exits
