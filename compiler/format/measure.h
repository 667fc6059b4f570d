// How much of a line something takes when it is written flat.
#pragma once

#include <span>
#include <vector>

#include "compiler/format/outline.h"

namespace nyx::format {

class Measure {
  public:
    // left: characters that there are; at_line_start: the blank before the first token does not count.
    Measure(const std::vector<Token>& tokens, int left, bool at_line_start)
        : tokens_(tokens), left_(left), first_(at_line_start) {}

    // Each adds to the line. False: the line is too short, or has ended inside a string of several lines.
    bool add(TokenIndex token);
    bool add(const Node& node);
    bool add(std::span<const Node> nodes);
    bool add_opener(const Node& node) { return add(node.open); }
    bool take(int characters);

    bool fits() const { return left_ >= 0; }
    int left() const { return left_; }

  private:
    bool add_items(const Node& node);

    const std::vector<Token>& tokens_;
    int left_;
    bool first_;
    bool ended_ = false;
};

}  // namespace nyx::format
