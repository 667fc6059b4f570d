// A text with one device, compiled: the program or what is wrong, and how its tests went.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/device/compile.h"
#include "compiler/device/run_tests.h"

namespace nyx::device {

struct Compiled {
    explicit Compiled(std::string_view text);

    source::SourceMap sources;
    diagnostics::Sink sink;
    std::unique_ptr<ast::Module> module;
    std::optional<CompiledDevice> device;

    // "NY0804 3:12 message" of each, a line each.
    std::string mistakes() const;
    // "title: message, notes" of each test that failed, a line each.
    std::string failures() const;
};

}  // namespace nyx::device
