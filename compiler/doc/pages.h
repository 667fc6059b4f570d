// The body of each kind of page. Markup.
#pragma once

#include <string>
#include <vector>

#include "compiler/doc/code.h"

namespace nyx::doc {

std::string page_body(const Context& context, const Entry& entry, const check::Schemas& schemas);
// A device, a boot protocol, a backend …: its fields by the declarations of the library.
std::string schema_body(const Context& context, const Entry& entry, const check::Schemas& schemas);

// <h1> with the kind, and the text.
std::string heading(const Context& context, const Entry& entry);
// "Declared in web.ny, line 7."
std::string declared_in(const Context& context, const Entry& entry, Span where);

// A table that can be scrolled sideways on a narrow screen. Cells are markup.
class Table {
  public:
    Table(std::string caption, std::vector<std::string> columns);
    // anchor: the row's id; empty: none.
    void row(const std::string& anchor, const std::vector<std::string>& cells);
    // Nothing where it has no rows.
    std::string text() const;

  private:
    std::string caption_;
    std::string head_;
    std::string rows_;
};

}  // namespace nyx::doc
