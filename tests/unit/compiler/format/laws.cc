#include "laws.h"

#include <algorithm>
#include <filesystem>

#include "compiler/format/format.h"
#include "compiler/syntax/ast_json.h"
#include "compiler/syntax/parser.h"
#include "compiler/syntax/words.h"
#include "runtime/base/file.h"

namespace nyx::format {

namespace {

std::string tree(const std::string& text) {
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto file = sources.add("text.ny", text);
    auto module = syntax::parse(sources, file, sink);
    if (sink.has_errors()) return "errors: " + sink.all().front().message;
    return syntax::ast_json(sources, *module, syntax::Places::kLeftOut);
}

// Every comment, and the word that follows it.
std::vector<std::string> comments(const std::string& text) {
    diagnostics::Sink sink;
    std::vector<std::string> out;
    std::size_t end = 0;
    for (const syntax::Word& word : syntax::words(text, 0, sink)) {
        std::string spelled = text.substr(word.begin, word.end - word.begin);
        if (spelled == "," || word.kind == syntax::WordKind::kEndOfStatement) continue;
        std::size_t pending = out.size();
        for (std::size_t at = text.find('#', end); at < word.begin; at = text.find('#', at)) {
            std::size_t line_end = std::min(text.find_first_of("\r\n", at), text.size());
            std::string comment = text.substr(at, line_end - at);
            comment.erase(comment.find_last_not_of(" \t") + 1);
            out.push_back(comment);
            at = line_end;
        }
        for (; pending < out.size(); ++pending) out[pending] += " before " + spelled;
        end = word.end;
    }
    return out;
}

std::string edited(const std::string& text) {
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto file = sources.add("text.ny", text);
    auto all = edits(sources, {file, 0, static_cast<std::uint32_t>(text.size())}, sink);
    std::string out = text;
    for (auto it = all->rbegin(); it != all->rend(); ++it)
        out.replace(it->span.begin, it->span.end - it->span.begin, it->text);
    return out;
}

bool ends_cleanly(const std::string& text) {
    return text.empty() || (text.ends_with('\n') && !text.ends_with("\n\n"));
}

}  // namespace

std::optional<std::string> formatted(const std::string& text) {
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto file = sources.add("text.ny", text);
    return format(sources, file, sink);
}

std::string broken_law(const std::string& text) {
    auto once = formatted(text);
    if (!once) return "";
    if (tree(text) != tree(*once)) return "another tree:\n" + *once;
    if (comments(text) != comments(*once)) return "other comments:\n" + *once;
    auto twice = formatted(*once);
    if (!twice || *twice != *once) return "not idempotent:\n" + *once + "----\n" + twice.value_or("errors");
    if (edited(text) != *once) return "other edits:\n" + edited(text) + "----\n" + *once;
    return ends_cleanly(*once) ? "" : "the end of the file:\n" + *once;
}

std::vector<Sample> samples(const std::string& folder) {
    std::vector<Sample> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        std::string path = entry.path().string();
        if (!path.ends_with(".ny") && !path.ends_with(".md")) continue;
        auto bytes = read_file(path, 1u << 22);
        if (!bytes) continue;
        std::string text(as_text(*bytes));
        if (path.ends_with(".ny")) out.push_back({path, text});
        if (path.ends_with(".ny")) continue;
        constexpr std::string_view kFence = "```nyx\n";
        for (std::size_t at = text.find(kFence); at != std::string::npos; at = text.find(kFence, at)) {
            at += kFence.size();
            std::size_t end = std::min(text.find("```", at), text.size());
            out.push_back({path + " at " + std::to_string(at), text.substr(at, end - at)});
            at = end;
        }
    }
    std::sort(out.begin(), out.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
    return out;
}

}  // namespace nyx::format
