#include "compiler/doc/prose.h"

#include <fmt/format.h>

#include <vector>

#include "compiler/doc/html.h"

namespace nyx::doc {

namespace {

class Prose {
  public:
    explicit Prose(const Context& context) : context_(context) {}

    std::string write(std::string_view text) {
        while (!text.empty()) {
            std::size_t end = std::min(text.find('\n'), text.size());
            line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        close();
        return std::move(out_);
    }

  private:
    enum class Open { kNothing, kParagraph, kList, kFence, kExample };

    void line(std::string_view text) {
        bool is_fence = text.starts_with("```");
        if (open_ == Open::kFence) {
            if (is_fence) return close();
            code_ += std::string(text) + "\n";
        } else if (is_fence) {
            enter(Open::kFence);
        } else if (text.starts_with("    ") && open_ != Open::kParagraph && open_ != Open::kList) {
            enter(Open::kExample);
            code_ += std::string(text.substr(4)) + "\n";
        } else if (text.find_first_not_of(" \t") == std::string_view::npos) {
            close();
        } else if (text.starts_with("- ")) {
            enter(Open::kList);
            out_ += open_item_ ? "</li>\n<li>" : "<li>";
            open_item_ = true;
            out_ += inline_prose(context_, text.substr(2));
        } else {
            if (open_ != Open::kList) enter(Open::kParagraph);
            out_ += (out_.ends_with("<p>") ? "" : " ") + inline_prose(context_, text);
        }
    }

    void enter(Open what) {
        if (open_ == what) return;
        close();
        open_ = what;
        if (what == Open::kParagraph) out_ += "<p>";
        if (what == Open::kList) out_ += "<ul>\n";
    }

    void close() {
        if (open_ == Open::kParagraph) out_ += "</p>\n";
        if (open_ == Open::kList) out_ += "</li>\n</ul>\n";
        if (open_ == Open::kFence || open_ == Open::kExample) out_ += code_block(context_, code_);
        code_.clear();
        open_item_ = false;
        open_ = Open::kNothing;
    }

    const Context& context_;
    std::string out_;
    std::string code_;
    Open open_ = Open::kNothing;
    bool open_item_ = false;
};

}  // namespace

std::string inline_prose(const Context& context, std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t begin = text.find('`');
        std::size_t end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
        if (end == std::string_view::npos) return out + escaped(text);
        out += escaped(text.substr(0, begin));
        out += fmt::format("<code>{}</code>", code(context, text.substr(begin + 1, end - begin - 1)));
        text.remove_prefix(end + 1);
    }
    return out;
}

std::string prose(const Context& context, std::string_view text) {
    return Prose(context).write(text);
}

}  // namespace nyx::doc
