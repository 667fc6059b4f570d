// `host rack { memory = 64 GiB }`, typed by the schema `host_computer` of stdlib.
#pragma once

#include <span>
#include <vector>

#include "compiler/check/schema.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/source/source_map.h"
#include "runtime/script/machine_config.h"

namespace nyx::check {

// In the order given; a host with a mistake declares what is right of it.
std::vector<model::Host> check_hosts(const Schemas& schemas, std::span<const script::MachineConfig* const> hosts,
                                     const source::SourceMap& sources, diagnostics::Sink& sink);

}  // namespace nyx::check
