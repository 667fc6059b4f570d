// What processors do differently with a vector or x87 instruction where the manual leaves it to them.
#pragma once

#include "host_runner.h"
#include "vector_forms.h"

namespace nyx::soft {

struct VectorCase {
    const VectorForm& form;
    bool is_x87 = false;
    const Outcome &on_host, &on_soft;
};

// Null: it is compared.
const char* why_not_compared(const VectorCase& one);

}  // namespace nyx::soft
