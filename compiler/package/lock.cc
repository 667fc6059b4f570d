#include "compiler/package/lock.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/package/manifest.h"
#include "compiler/package/yaml.h"

namespace nyx::package {

namespace {

// As a string of JSON, which YAML reads alike.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return out + "\"";
}

bool is_digest(const std::string& text) {
    constexpr std::size_t kDigits = 64;
    return text.size() == kDigits && is_commit(text);
}

std::optional<LockedPackage> package_of(const YamlNode::Entry& entry) {
    const YamlNode::Entry* git = entry.value.find("git");
    const YamlNode::Entry* rev = entry.value.find("rev");
    const YamlNode::Entry* content = entry.value.find("content");
    bool is_whole = git && rev && content && entry.value.entries.size() == 3 && is_package_name(entry.key) &&
                    refused_address(git->value.text).empty() && is_commit(rev->value.text) &&
                    is_digest(content->value.text);
    if (!is_whole) return std::nullopt;
    return LockedPackage{git->value.text, rev->value.text, content->value.text, entry.key_where};
}

}  // namespace

std::string lock_text(const PackageLock& lock) {
    std::string text = "# Written by `nyxc package lock`. Commit it; do not edit it.\nformat: 1\npackages:\n";
    for (const auto& [name, package] : lock)
        text += fmt::format("  {}:\n    git: {}\n    rev: {}\n    content: {}\n", name, quoted(package.git),
                            quoted(package.rev), quoted(package.content));
    return text;
}

std::optional<PackageLock> read_lock(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink) {
    auto root = parse_yaml(sources, file, sink);
    if (!root) return std::nullopt;
    auto refuse = [&](Span where, const std::string& message) {
        sink.report(diagnostics::Code::kPackageFile, where, message).help("`nyxc package lock` writes it anew");
        return std::nullopt;
    };
    const YamlNode::Entry* format = root->find("format");
    const YamlNode::Entry* packages = root->find("packages");
    if (!format || format->value.text != "1" || !packages)
        return refuse(root->where, "this is no lock file of format 1");
    PackageLock lock;
    for (const YamlNode::Entry& entry : packages->value.entries) {
        auto package = package_of(entry);
        if (!package) return refuse(entry.key_where, fmt::format("this is no locked package: `{}`", entry.key));
        lock.emplace(entry.key, std::move(*package));
    }
    return lock;
}

}  // namespace nyx::package
