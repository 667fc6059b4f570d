// A machine as libvirt's domain XML, as far as libvirt can express it.
#pragma once

#include <string>

#include "compiler/check/typed.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::interchange {

// plan: of the machine, for the ports and lines that were left open. Paths of images become absolute, as libvirt wants
// them. What has no counterpart is a warning NY0702 at the place that set it. No uuid: libvirt makes one when the
// domain is defined, and the same machine gives the same bytes.
std::string libvirt_xml(const model::Machine& machine, const check::TypedMachine& typed, const plan::MachinePlan& plan,
                        diagnostics::Sink& sink);

}  // namespace nyx::interchange
