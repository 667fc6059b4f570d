#include "compiler/package/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

namespace nyx::package {

namespace {

constexpr std::size_t kMaxDepth = 20;

struct Refused {
    Span where;
    std::string message;
};

// Events of the parser as a tree. What is refused is thrown and caught below: the parser has no other way out.
class Builder final : public YAML::EventHandler {
  public:
    Builder(std::uint32_t file, std::uint32_t size) : file_(file), size_(size) {}
    YamlNode take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) throw Refused{at(mark, 3), "a package file is one document"};
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, "", anchor, ""); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw Refused{at(mark, 1), "aliases are not read in a package file"};
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        scalar(mark, tag, anchor, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlNode::Kind::kList);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlNode::Kind::kMap);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        YamlNode node;
        std::optional<YamlNode::Entry> key;  // of a map: its value is next
    };

    Span at(const YAML::Mark& mark, std::size_t length) const {
        auto begin = std::min(static_cast<std::uint32_t>(std::max(mark.pos, 0)), size_);
        return {file_, begin, std::min(begin + static_cast<std::uint32_t>(length), size_)};
    }
    void plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
        bool has_tag = !tag.empty() && tag != "?" && tag != "!";
        if (anchor != 0 || has_tag) throw Refused{at(mark, 1), "anchors and tags are not read in a package file"};
    }
    void scalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) {
        plain(mark, tag, anchor);
        YamlNode node;
        node.text = value;
        node.where = at(mark, value.size() + (tag == "!" ? 2 : 0));  // "!": it is quoted
        add(std::move(node));
    }
    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
        plain(mark, tag, anchor);
        if (stack_.size() >= kMaxDepth) throw Refused{at(mark, 1), "values are nested too deeply"};
        Open next;
        next.node.kind = kind;
        next.node.where = at(mark, 1);
        stack_.push_back(std::move(next));
    }
    void close() {
        YamlNode node = std::move(stack_.back().node);
        stack_.pop_back();
        add(std::move(node));
    }
    void add(YamlNode node) {
        if (stack_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = stack_.back();
        if (parent.node.kind == YamlNode::Kind::kList) {
            parent.node.entries.push_back({{}, {}, std::move(node)});
        } else if (!parent.key) {
            if (node.kind != YamlNode::Kind::kText) throw Refused{node.where, "a key is a text"};
            if (parent.node.find(node.text))
                throw Refused{node.where, fmt::format("the key `{}` stands twice", node.text)};
            parent.key = YamlNode::Entry{node.text, node.where, {}};
        } else {
            parent.key->value = std::move(node);
            parent.node.entries.push_back(std::move(*parent.key));
            parent.key.reset();
        }
    }

    std::uint32_t file_;
    std::uint32_t size_;
    int documents_ = 0;
    std::vector<Open> stack_;
    YamlNode root_;
};

}  // namespace

const YamlNode::Entry* YamlNode::find(std::string_view key) const {
    auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

std::optional<YamlNode> parse_yaml(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink) {
    const std::string& text = sources.file(file).text;
    auto size = static_cast<std::uint32_t>(text.size());
    Refused refused;
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        Builder builder(file, size);
        while (parser.HandleNextDocument(builder)) {
        }
        YamlNode root = builder.take();
        if (!root.where.known()) root.where = {file, 0, 0};  // the file is empty
        return root;
    } catch (const Refused& found) {
        refused = found;
    } catch (const YAML::Exception& found) {
        auto at = std::min(static_cast<std::uint32_t>(std::max(found.mark.pos, 0)), size);
        refused = {{file, at, std::min(at + 1, size)}, "this is no YAML: " + found.msg};
    }
    sink.report(diagnostics::Code::kPackageFile, refused.where, refused.message);
    return std::nullopt;
}

}  // namespace nyx::package
