// The devices of stdlib/models that are written in Nyx, compiled.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compiler/device/compile.h"

namespace nyx::stdlib {

// Every text of the catalog, in the order of their names.
std::vector<std::filesystem::path> device_files();

// What a text declares, with what is wrong with it, a line each.
struct DeviceFile {
    explicit DeviceFile(const std::filesystem::path& path);

    source::SourceMap sources;
    diagnostics::Sink sink;
    std::unique_ptr<ast::Module> module;
    std::vector<device::CompiledDevice> devices;
    std::string mistakes;

    std::string place(Span where) const;  // "3:12"
};

// The one device of stdlib/models/<name>.ny; ends the test where it does not compile.
const device::CompiledDevice& device_named(std::string_view name);

}  // namespace nyx::stdlib
