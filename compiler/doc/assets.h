// What pages share.
#pragma once

#include <string_view>

namespace nyx::doc {

extern const std::string_view kStyle;   // style.css
extern const std::string_view kSearch;  // search.js, behind `const entries = […];`

}  // namespace nyx::doc
