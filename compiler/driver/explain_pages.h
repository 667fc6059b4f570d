// docs/diagnostics/*.md, carried in the executable (cmake/NyxExplainPages.cmake), in order of their codes.
#pragma once

#include <string_view>

namespace nyx::driver {

struct ExplainPage {
    std::string_view code;  // "NY0412"
    std::string_view text;  // Markdown
};

extern const ExplainPage kExplainPages[];
extern const unsigned long kExplainPageCount;

}  // namespace nyx::driver
