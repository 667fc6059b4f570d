// A format as it is written, taken apart: format.h says what may stand in one. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nyx::script {

struct FormatSpec {
    std::string fill = " ";
    char align = 0;  // 0: as the value's type has it
    char sign = '-';
    bool alternate = false;
    bool zero = false;
    bool thousands = false;
    int width = 0;
    int precision = -1;  // -1: none
    char type = 0;       // 0: as the value's type has it
};

// Of `${value:…}`; nothing: it is none.
std::optional<FormatSpec> parse_format(std::string_view text);
// One conversion of printf after its %, which goes from the beginning of `text`; nothing: it is none.
std::optional<FormatSpec> take_conversion(std::string_view& text);

}  // namespace nyx::script
