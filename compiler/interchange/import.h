// Machines of other programs: libvirt's domain XML, Firecracker's configuration, a command line of QEMU.
//
// The text is hostile: its size is bounded, no entity is expanded, nothing is opened or run. Mistakes are diagnostics
// NY0701 at their place; what this build cannot have is a Loss and no mistake. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/interchange/imported.h"
#include "compiler/source/source_map.h"

namespace nyx::interchange {

enum class Format { kLibvirt, kFirecracker, kQemu };
const char* format_name(Format format);  // "libvirt"

inline constexpr std::size_t kMaxImport = 16u << 20;

// The one format that this text can be, or nothing.
std::optional<Format> recognize(std::string_view text);

// features: the names that `cpuid_bit` has. Nothing after a diagnostic.
std::optional<ImportedMachine> import_machine(const source::SourceMap& sources, std::uint32_t file, Format format,
                                              const std::vector<std::string>& features, diagnostics::Sink& sink);

// The source, formatted: comments say what was not carried over.
std::string source_of(const ImportedMachine& machine, Format format, const std::string& from);

}  // namespace nyx::interchange
