// What to say when a resource cannot be had. Each report shows both sides and, where there is one, the next place that
// is free. Private to this folder.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/place/assignment.h"

namespace nyx::place {

// A request whose range another has. Reported when everything else has its place, so that the help names what is really
// free.
struct Conflict {
    Wish wish;
    Range range;
    Claim taken;
};

void report_conflict(const Assignment& all, const Conflict& conflict, diagnostics::Sink& sink);
// Every candidate is taken, or the whole space is.
void report_none_left(const Assignment& all, Wish wish, diagnostics::Sink& sink);
void report_out_of_bounds(const Assignment& all, Wish wish, Range range, diagnostics::Sink& sink);
// `what` lies there: "RAM (0x0–0x9ffff)".
void report_reserved(const Assignment& all, Wish wish, Range range, const std::string& what, diagnostics::Sink& sink);
void report_misaligned(const Assignment& all, Wish wish, diagnostics::Sink& sink);

}  // namespace nyx::place
