// `require memory >= 512 MiB, "the package manager needs half a gigabyte"`.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "compiler/check/merge.h"
#include "compiler/check/to_model.h"
#include "runtime/script/error.h"
#include "runtime/script/heap.h"
#include "runtime/script/objects.h"

namespace nyx::check {

using FieldReader = std::function<std::optional<script::Value>(std::string_view name)>;
// Runs a condition; names that it does not know are read through `fields`.
struct Evaluated {
    script::NativeResult result;
    std::vector<script::Note> parts = {};  // what the parts of the condition were, in the order of evaluation
};
using Evaluate = std::function<Evaluated(const script::Value& condition, FieldReader fields)>;

// Checks the requirements of the machine and of its bases, except those that read a value that a mistake has taken
// away. is_complete: no mistake has taken away a device. A message says what every part of the condition was, and of
// the fields among them where they were set.
void check_requirements(const MergedMachine& merged, const Record& machine, const std::vector<TypedDevice>& devices,
                        bool is_complete, const Evaluate& evaluate, const source::SourceMap& sources,
                        script::Heap& heap, diagnostics::Sink& sink);

}  // namespace nyx::check
