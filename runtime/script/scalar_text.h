// Text of values that have no others in them. What print() and to_source() say of those that have: value_text.cc.
#pragma once

#include <string>
#include <string_view>

#include "runtime/script/value.h"

namespace nyx::script {

// With the largest unit of which it is a whole number: "2 GiB".
std::string quantity_text(const Value& value);
// The shortest text that reads back as the same number, and always looks like a float.
std::string float_text(double value);
// As it would be written in source.
std::string quoted(std::string_view text);

}  // namespace nyx::script
