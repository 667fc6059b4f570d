// Where running machines are found: one folder a machine, <root>/<name>/api.sock.
//
// root is $XDG_RUNTIME_DIR/nyx, or /tmp/nyx-<uid> where there is no such variable; it belongs to the user and nobody
// else may enter (mode 0700), which is checked before it is used.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace nyx::control {

// Letters, digits, '-', '_' and '.', not starting with '.', at most 64 characters: a name is one path component.
Status check_name(const std::string& name);

// The root folder, made if it is missing. Errors: it belongs to someone else, or others may enter.
Result<std::string> runtime_root();

std::string socket_path(const std::string& root, const std::string& name);

// Names of the machines whose socket answers a connection, in order. Folders of machines that are gone are removed.
Result<std::vector<std::string>> running_machines();

// A name nobody uses now: `wanted`, else wanted-2, wanted-3, … With `exact`, a used name is an error.
Result<std::string> free_name(const std::string& wanted, bool exact);

}  // namespace nyx::control
