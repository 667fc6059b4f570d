// What a schema no longer recommends: `@deprecated(since: "0.3", use: cpus)`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::check {

// Exactly one of `use` and `help` is set.
struct Deprecation {
    std::string since;
    std::string use;   // its name of today: the two mean the same
    std::string help;  // what to do instead
    Span where;        // the annotation

    bool is_former_name() const { return !use.empty(); }
    // "since 0.3: use `cpus`"
    std::string text() const;
};

struct DeprecatedChoice {
    std::string choice;  // empty: the whole field or schema
    Deprecation deprecation;
};

// The deprecations among the annotations; whatever else they are is reported.
std::vector<DeprecatedChoice> read_deprecations(const std::vector<ast::Annotation>& annotations,
                                                diagnostics::Sink& sink);

// `name`, written at `where`, is used.
void report_deprecated(std::string_view name, const Deprecation& deprecation, Span where,
                       const source::SourceMap& sources, diagnostics::Sink& sink);

}  // namespace nyx::check
