// Parses one text again and again while it is edited: statements that an edit has not touched are not parsed again.
// The tree and the diagnostics are those of parse(). Not thread-safe.
#pragma once

#include <memory>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

class EarlierParse;

class EditingParser {
  public:
    EditingParser();
    EditingParser(const EditingParser&) = delete;
    EditingParser& operator=(const EditingParser&) = delete;
    ~EditingParser();

    std::shared_ptr<const ast::Module> parse(const source::SourceMap& sources, std::uint32_t file,
                                             diagnostics::Sink& sink);

    // Statements of the latest text that were not parsed again, without those inside of others.
    std::size_t reused() const { return reused_; }

  private:
    std::unique_ptr<const EarlierParse> earlier_;
    std::uint32_t file_ = 0;  // that its spans name
    std::size_t reused_ = 0;
};

}  // namespace nyx::syntax
