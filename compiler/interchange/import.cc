#include "compiler/interchange/import.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/interchange/importer.h"
#include "runtime/base/utf8.h"

namespace nyx::interchange {

std::optional<Format> recognize(std::string_view text) {
    auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return std::nullopt;
    std::string_view start = text.substr(begin);
    if (start.starts_with('<')) {
        return start.find("<domain") == std::string_view::npos ? std::nullopt : std::optional(Format::kLibvirt);
    }
    if (start.starts_with('{')) {
        bool is_firecracker = start.find("\"boot-source\"") != std::string_view::npos ||
                              start.find("\"machine-config\"") != std::string_view::npos;
        return is_firecracker ? std::optional(Format::kFirecracker) : std::nullopt;
    }
    bool names_qemu = start.find("qemu-system-x86_64") != std::string_view::npos ||
                      start.find("qemu-kvm") != std::string_view::npos || start.starts_with("kvm ");
    return names_qemu ? std::optional(Format::kQemu) : std::nullopt;
}

std::optional<ImportedMachine> import_machine(const source::SourceMap& sources, std::uint32_t file, Format format,
                                              const std::vector<std::string>& features, diagnostics::Sink& sink) {
    Importer importer(sources, file, features, sink);
    std::string_view text = importer.text();
    std::size_t errors = sink.error_count();
    if (text.size() > kMaxImport) {
        importer.mistake(0, 0, fmt::format("more than {} MiB are not read", kMaxImport >> 20));
    } else if (auto bad = find_invalid_utf8(text, 0); bad != std::string_view::npos) {
        importer.mistake(bad, bad + 1, "this is not UTF-8");
    } else if (auto nul = text.find('\0'); nul != std::string_view::npos) {
        importer.mistake(nul, nul + 1, "a zero byte does not belong here");
    } else if (format == Format::kLibvirt) {
        import_libvirt(importer);
    } else if (format == Format::kFirecracker) {
        import_firecracker(importer);
    } else {
        import_qemu(importer);
    }
    if (sink.error_count() != errors) return std::nullopt;
    std::stable_sort(importer.machine.losses.begin(), importer.machine.losses.end(),
                     [](const Loss& a, const Loss& b) { return a.line < b.line; });
    return std::move(importer.machine);
}

}  // namespace nyx::interchange
