// A small machine with one of everything, and a bundle of it.
#pragma once

#include "runtime/plan/bundle_writer.h"

namespace nyx::plan {

MachinePlan sample_plan();
// Kernel embedded, initrd referenced as "initrd.img".
BundleContents sample_contents();
Bytes sample_kernel();
Bytes sample_initrd();

}  // namespace nyx::plan
