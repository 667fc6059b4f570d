// A drawing of boxes, lines and texts, and its SVG.
//
// Text is set in a fixed-width face, so its size is known here: no two texts overlap because places are computed, not
// because a viewer happens to have a font.
#pragma once

#include <string>
#include <vector>

namespace nyx::graph {

// Pixels. The origin is the upper left corner.
struct Area {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

enum class Anchor { kStart, kMiddle, kEnd };

struct Text {
    double x = 0;
    double y = 0;  // the baseline
    double size = 13;
    std::string text;
    std::string style;  // a class of the style sheet: "title", "name", "dim", "value"
    Anchor anchor = Anchor::kStart;
    std::string full;  // what was shortened, as a tool tip

    Area area() const;
};

struct Box {
    Area area;
    std::string style;
    double round = 4;
};

struct Line {
    double x1 = 0;
    double y1 = 0;
    double x2 = 0;
    double y2 = 0;
    std::string style;
};

struct Picture {
    double width = 0;
    double height = 0;
    std::string title;
    std::vector<Box> boxes;
    std::vector<Line> lines;
    std::vector<Text> texts;
};

// The width of a character in a size of 1.
inline constexpr double kAdvance = 0.61;
double text_width(const std::string& text, double size);
// At most so wide; what is left out is `…`.
std::string shortened(const std::string& text, double size, double width);

std::string as_svg(const Picture& picture);

// Puts marks on a picture; texts are shortened to the room they are given, and the whole becomes a tool tip.
class Canvas {
  public:
    Picture picture;

    void text(double x, double y, const std::string& content, const char* style, double width, double size = 13,
              Anchor anchor = Anchor::kStart);
    void box(double x, double y, double width, double height, std::string style, double round = 4);
    void line(double x1, double y1, double x2, double y2, const char* style);
};

}  // namespace nyx::graph
