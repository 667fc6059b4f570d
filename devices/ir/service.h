// How accesses to a register can be served, proved from its effects (docs/devices.md section 2).
//
// What a plan or a hypervisor makes of it is theirs: a class says what would be right, not what is there.
#pragma once

#include <string>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

struct Verdict {
    Service service = Service::kNative;
    std::string reason;  // why not better, in words; empty for the best
};

// Of a verified program. A write is a doorbell, coalesced or native; a read const-read or native.
Verdict served_write(const Program& program, const Register& reg);
Verdict served_read(const Program& program, const Register& reg);

}  // namespace nyx::dev::ir
