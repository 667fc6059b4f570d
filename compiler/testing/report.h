// What `nyxc test` says about one test: a line where it passed, else the place, what was expected and the guest's last
// words.
#pragma once

#include <string>

#include "compiler/testing/session.h"

namespace nyx::testing {

std::string as_text(const std::string& machine, const script::Test& test, const Report& report,
                    const source::SourceMap& sources, bool color);
// One object, one line.
std::string as_json(const std::string& machine, const script::Test& test, const Report& report,
                    const source::SourceMap& sources);

}  // namespace nyx::testing
