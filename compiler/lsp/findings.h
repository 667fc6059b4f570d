// What was found in one open text. While a stage has not come to the text as it is now, what it found before stays, at
// the places to which the edits have moved it: nothing flickers while somebody types. Not thread-safe.
#pragma once

#include <array>
#include <vector>

#include "compiler/lsp/analysis.h"

namespace nyx::lsp {

class Findings {
  public:
    // Bytes [begin, end) of the text were replaced by `length` bytes. What lies there is dropped.
    void shift(std::size_t begin, std::size_t end, std::size_t length);
    // The findings of the stage, replaced by those of this text. Those of other files are left out.
    void take(const Analysis& analysis, Stage stage);
    void clear();
    // In the order of the text, nothing twice.
    std::vector<diagnostics::Diagnostic> all() const;

  private:
    std::array<std::vector<diagnostics::Diagnostic>, kStages> found_;
};

}  // namespace nyx::lsp
