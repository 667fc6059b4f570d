// Programs with every instruction and every kind of register, at random; all of them pass verify().
#pragma once

#include <random>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

Program generated_program(std::mt19937_64& random);

}  // namespace nyx::dev::ir
