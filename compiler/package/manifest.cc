#include "compiler/package/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>

#include "compiler/package/yaml.h"

namespace nyx::package {

namespace {

using Version = std::array<std::uint32_t, 3>;

// 1.2.3
std::optional<Version> version_of(std::string_view text) {
    Version version{};
    for (std::size_t part = 0; part < version.size(); ++part) {
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version.at(part));
        if (error != std::errc()) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        bool is_last = part + 1 == version.size();
        if (is_last) break;
        if (!text.starts_with('.')) return std::nullopt;
        text.remove_prefix(1);
    }
    return text.empty() ? std::optional(version) : std::nullopt;
}

class Reader {
  public:
    Reader(const std::string& nyxc, diagnostics::Sink& sink) : nyxc_(nyxc), sink_(sink) {}

    void read(const YamlNode& root, Manifest& manifest) {
        if (root.kind != YamlNode::Kind::kMap) {
            wrong(root.where, "a package file is a map: `name: …`");
            return;
        }
        for (const YamlNode::Entry& entry : root.entries) {
            if (entry.key == "name") name(entry, manifest);
            if (entry.key == "version") version(entry, manifest);
            if (entry.key == "nyx") nyx(entry);
            if (entry.key == "dependencies") dependencies(entry, manifest);
            static constexpr std::string_view kKeys[] = {"name", "version", "nyx", "dependencies"};
            if (std::find(std::begin(kKeys), std::end(kKeys), entry.key) == std::end(kKeys))
                wrong(entry.key_where, fmt::format("a package has no `{}`", entry.key))
                    .help("it has `name`, `version`, `nyx` and `dependencies`");
        }
        if (!root.find("name")) wrong(root.where, "a package has a `name`");
        if (!root.find("version")) wrong(root.where, "a package has a `version`, such as 1.0.0");
    }

  private:
    diagnostics::Diagnostic& wrong(Span where, std::string message) {
        return sink_.report(diagnostics::Code::kPackageFile, where, std::move(message));
    }
    bool is_text(const YamlNode::Entry& entry) {
        if (entry.value.kind == YamlNode::Kind::kText && !entry.value.text.empty()) return true;
        wrong(entry.key_where, fmt::format("`{}` is a text", entry.key));
        return false;
    }

    void name(const YamlNode::Entry& entry, Manifest& manifest) {
        if (!is_text(entry)) return;
        manifest.name = entry.value.text;
        manifest.name_where = entry.value.where;
        check_name(manifest.name, manifest.name_where);
    }
    void check_name(const std::string& name, Span where) {
        if (!is_package_name(name))
            wrong(where, fmt::format("`{}` cannot be the name of a package", name))
                .note(
                    "it begins an import, so it has small letters, digits and `_`, and begins with a letter; `std` is "
                    "taken");
    }
    void version(const YamlNode::Entry& entry, Manifest& manifest) {
        if (!is_text(entry)) return;
        manifest.version = entry.value.text;
        if (!version_of(manifest.version)) wrong(entry.value.where, "a version is three numbers, such as 1.0.0");
    }
    void nyx(const YamlNode::Entry& entry) {
        if (!is_text(entry)) return;
        std::string_view text = entry.value.text;
        if (text.starts_with(">=")) text.remove_prefix(2);
        while (text.starts_with(' ')) text.remove_prefix(1);
        auto wanted = version_of(text);
        if (!wanted) {
            wrong(entry.value.where, "`nyx` is the least version of nyxc, such as \">=0.1.0\"");
        } else if (version_of(nyxc_) && *wanted > *version_of(nyxc_)) {
            wrong(entry.value.where, fmt::format("this package needs nyxc {}, and this is {}", text, nyxc_));
        }
    }

    void dependencies(const YamlNode::Entry& entry, Manifest& manifest) {
        bool is_empty = entry.value.kind == YamlNode::Kind::kText && entry.value.text.empty();
        if (entry.value.kind != YamlNode::Kind::kMap) {
            if (!is_empty) wrong(entry.key_where, "`dependencies` is a map from names to places");
            return;
        }
        for (const YamlNode::Entry& one : entry.value.entries) dependency(one, manifest);
    }
    void dependency(const YamlNode::Entry& entry, Manifest& manifest) {
        Dependency wanted;
        wanted.name = entry.key;
        wanted.where = entry.key_where;
        check_name(wanted.name, wanted.where);
        if (entry.value.kind == YamlNode::Kind::kMap) {
            for (const YamlNode::Entry& part : entry.value.entries) place(part, wanted);
        }
        bool is_whole =
            wanted.path.empty() ? !wanted.git.empty() && !wanted.rev.empty() : wanted.git.empty() && wanted.rev.empty();
        if (!is_whole) {
            wrong(entry.key_where, fmt::format("where `{}` is: a `path`, or `git` with `rev`", entry.key))
                .help("{ path: ../common }, or { git: \"https://…\", rev: <the commit's 40 digits> }");
            return;
        }
        if (wanted.is_git()) check_git(wanted);
        manifest.dependencies.push_back(std::move(wanted));
    }
    void place(const YamlNode::Entry& part, Dependency& wanted) {
        std::string* into = part.key == "path"  ? &wanted.path
                            : part.key == "git" ? &wanted.git
                            : part.key == "rev" ? &wanted.rev
                                                : nullptr;
        if (!into) {
            wrong(part.key_where, fmt::format("a dependency has no `{}`", part.key))
                .help("it has `path`, or `git` and `rev`");
        } else if (is_text(part)) {
            *into = part.value.text;
            if (part.key != "git") wanted.source_where = part.value.where;
        }
    }
    void check_git(const Dependency& wanted) {
        if (std::string reason = refused_address(wanted.git); !reason.empty())
            wrong(wanted.where, fmt::format("git is not asked for `{}`: {}", wanted.git, reason));
        if (!is_commit(wanted.rev))
            wrong(wanted.source_where, "`rev` is the full digest of a commit: 40 digits, or 64, in small letters")
                .note("a branch or tag means another commit tomorrow");
    }

    const std::string& nyxc_;
    diagnostics::Sink& sink_;
};

}  // namespace

bool is_package_name(std::string_view name) {
    auto is_letter = [](char c) { return (c >= 'a' && c <= 'z'); };
    auto goes_on = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= 64 && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(), goes_on) && name != "std";
}

std::string refused_address(std::string_view address) {
    std::size_t scheme = 0;
    for (std::string_view allowed : {"https://", "ssh://", "file://"})
        if (address.starts_with(allowed)) scheme = allowed.size();
    if (scheme == 0) return "it begins with https://, ssh:// or file://";
    std::string_view rest = address.substr(scheme);
    auto is_odd = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
    if (rest.empty() || std::any_of(rest.begin(), rest.end(), is_odd))
        return "it has blanks or control characters, or no host";
    // ssh would take a host or user with a dash in front for an option.
    std::string_view host = rest.substr(0, rest.find('/'));
    bool has_dash = host.starts_with('-') || host.find("@-") != std::string_view::npos;
    return has_dash ? "no host begins with a dash" : "";
}

bool is_commit(std::string_view rev) {
    auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return (rev.size() == 40 || rev.size() == 64) && std::all_of(rev.begin(), rev.end(), is_digit);
}

std::optional<Manifest> read_manifest(const source::SourceMap& sources, std::uint32_t file, const std::string& nyxc,
                                      diagnostics::Sink& sink) {
    std::size_t errors = sink.error_count();
    auto root = parse_yaml(sources, file, sink);
    if (!root) return std::nullopt;
    Manifest manifest;
    manifest.folder = std::filesystem::path(sources.file(file).path).parent_path().string();
    Reader(nyxc, sink).read(*root, manifest);
    if (sink.error_count() != errors) return std::nullopt;
    return manifest;
}

}  // namespace nyx::package
