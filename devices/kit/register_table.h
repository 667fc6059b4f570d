// Looking up and checking register tables (Device::registers).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "devices/kit/device.h"

namespace nyx::dev {

// The register that holds the first byte of the access and allows its direction. mode: the guard that is true now; a
// register with another guard is passed over. kNoRegister: none.
std::uint32_t find_register(std::span<const Register> table, const Access& access, bool is_write,
                            std::string_view mode = {});

// Every mistake in the table, one line each: a register outside its region, a name used twice, an odd width, a reset
// value wider than the register, two registers on one byte that neither direction nor guards tell apart. region_sizes:
// in bytes, by region index.
std::vector<std::string> check_registers(std::span<const Register> table, std::span<const std::uint64_t> region_sizes);

}  // namespace nyx::dev
