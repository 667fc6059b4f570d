#include "compiler/graph/picture.h"

#include <fmt/format.h>

#include <algorithm>

namespace nyx::graph {

namespace {

// Where a viewer prefers dark, the picture is dark; where it does not say, it is light on its own ground.
constexpr const char* kStyle = R"(
  text { font-family: "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace; fill: #1f2328; white-space: pre }
  .title { font-weight: bold } .name { font-weight: bold } .dim { fill: #59636e } .value { fill: #0a4b8c } .head { fill: #59636e; font-weight: bold }
  .ground { fill: #ffffff } .card { fill: #f6f8fa; stroke: #8c959f } .part { fill: #ddf4ff; stroke: #54aeff } .ram { fill: #dafbe1; stroke: #4ac26b }
  .window { fill: #eaeef2; stroke: #afb8c1 } .line { fill: #fff8c5; stroke: #d4a72c } .host { fill: none; stroke: #8c959f; stroke-dasharray: 4 3 } .used { fill: #4ac26b } .free { fill: #eaeef2 }
  .bus { stroke: #54aeff; stroke-width: 4; stroke-linecap: round } .wire { stroke: #54aeff; stroke-width: 1.5 } .arrow { stroke: #8c959f; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .dim, .head { fill: #9198a1 } .value { fill: #79c0ff }
    .ground { fill: #0d1117 } .card { fill: #161b22; stroke: #6e7681 } .part { fill: #0c2d6b; stroke: #388bfd } .ram { fill: #033a16; stroke: #2ea043 }
    .window { fill: #21262d; stroke: #484f58 } .line { fill: #3b2300; stroke: #9e6a03 } .host { stroke: #6e7681 }
    .used { fill: #2ea043 } .free { fill: #21262d }
    .bus, .wire { stroke: #388bfd } .arrow { stroke: #6e7681 }
  }
)";

std::string escaped(const std::string& text) {
    std::string out;
    for (char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

std::size_t characters(const std::string& text) {
    auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string text_element(const Text& text) {
    constexpr const char* kAnchors[] = {"start", "middle", "end"};
    std::string tip = text.full.empty() ? "" : "<title>" + escaped(text.full) + "</title>";
    return fmt::format(R"(<text x="{:g}" y="{:g}" font-size="{:g}" class="{}" text-anchor="{}">{}{}</text>)"
                       "\n",
                       text.x, text.y, text.size, text.style, kAnchors[static_cast<int>(text.anchor)], tip,
                       escaped(text.text));
}

}  // namespace

double text_width(const std::string& text, double size) {
    return static_cast<double>(characters(text)) * size * kAdvance;
}

std::string shortened(const std::string& text, double size, double width) {
    if (text_width(text, size) <= width) return text;
    std::string out = text;
    while (!out.empty() && text_width(out, size) + size * kAdvance > width) {
        do out.pop_back();
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80);
        // The first byte of a character beyond ASCII goes with the others.
        if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0xC0) out.pop_back();
    }
    return out + "…";
}

Area Text::area() const {
    double wide = text_width(text, size);
    double left = anchor == Anchor::kStart ? x : anchor == Anchor::kMiddle ? x - wide / 2 : x - wide;
    return {left, y - size * 0.8, wide, size};
}

std::string as_svg(const Picture& picture) {
    std::string out = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:g}" height="{1:g}" viewBox="0 0 {0:g} {1:g}" role="img">)"
        "\n"
        "<title>{2}</title>\n<style>{3}</style>\n"
        R"(<rect class="ground" width="{0:g}" height="{1:g}"/>)"
        "\n",
        picture.width, picture.height, escaped(picture.title), kStyle);
    for (const Line& line : picture.lines)
        out += fmt::format(R"(<line x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}" class="{}"/>)"
                           "\n",
                           line.x1, line.y1, line.x2, line.y2, line.style);
    for (const Box& box : picture.boxes)
        out += fmt::format(R"(<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="{:g}" class="{}"/>)"
                           "\n",
                           box.area.x, box.area.y, box.area.width, box.area.height, box.round, box.style);
    for (const Text& text : picture.texts) out += text_element(text);
    return out + "</svg>\n";
}

void Canvas::text(double x, double y, const std::string& content, const char* style, double width, double size,
                  Anchor anchor) {
    Text made;
    made.x = x;
    made.y = y;
    made.size = size;
    made.text = shortened(content, size, width);
    made.style = style;
    made.anchor = anchor;
    if (made.text != content) made.full = content;
    if (!made.text.empty()) picture.texts.push_back(std::move(made));
}

void Canvas::box(double x, double y, double width, double height, std::string style, double round) {
    picture.boxes.push_back({{x, y, width, height}, std::move(style), round});
}

void Canvas::line(double x1, double y1, double x2, double y2, const char* style) {
    picture.lines.push_back({x1, y1, x2, y2, style});
}

}  // namespace nyx::graph
