// Text from values: `${x:08x}`, format(), printf.
//
// A format is [[fill]align][sign][#][0][width][,][.precision][type] with align < > ^ =, sign + or space, and type one
// of d x X o b c e E f g s %. Width and precision are at most 1000.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/script/objects.h"

namespace nyx::script {

tl::expected<std::string, ScriptError> format_value(const Value& value, std::string_view spec);
// C's conversions: %d %i %u %x %X %o %b %c %s %f %e %g %% with flags, width and precision.
tl::expected<std::string, ScriptError> format_printf(std::string_view format, std::span<const Value> values);

}  // namespace nyx::script
