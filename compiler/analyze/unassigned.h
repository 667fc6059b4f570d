// Variables that are read before any assignment could have reached them.
//
// Only where no path assigns: what a loop assigns further down, a branch, a `try` may have assigned is taken as
// assigned. Functions may run at any later time, so what they read from outside is not looked at.
#pragma once

#include "compiler/analyze/complaints.h"
#include "compiler/analyze/data.h"

namespace nyx::analyze {

void report_unassigned(const Model::Data& data, Complaints& complaints);

}  // namespace nyx::analyze
