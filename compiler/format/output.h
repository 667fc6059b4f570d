// Text as it grows: lines with their indentation, and comments at their ends, which stand under each other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nyx::format {

inline constexpr int kWidth = 100;  // of a line, in characters
inline constexpr int kIndent = 4;
inline constexpr int kCommentColumn = 72;  // as far to the right as a longer line moves its neighbours' comments

// Characters, not bytes.
int width_of(std::string_view text);

class Output {
  public:
    // The next line, at this indentation. Where one has just begun only its indentation changes.
    void newline(int indent);
    void blank_line();
    void put(std::string_view text);
    // At the end of the line at hand, after two blanks or more.
    void end_comment(std::string_view text);

    bool at_line_start() const { return at_line_start_; }
    bool empty() const { return text_.empty(); }
    int column() const { return at_line_start_ ? indent_ : column_; }

    std::string finish();

  private:
    struct EndComment {
        std::size_t offset = 0;  // in text_: where the blanks before it begin
        std::size_t line = 0;
        int column = 0;
    };

    std::string text_;
    std::vector<EndComment> comments_;
    std::size_t line_ = 0;
    int indent_ = 0;
    int column_ = 0;
    bool at_line_start_ = true;
};

}  // namespace nyx::format
