// Which native code a user has reason to trust: that which nyxc made for them on this machine (docs/bundle.md,
// "Trust").
//
// nyxc notes the key of what it builds, nyx asks for it. A key is a file of that name in a folder of the user's own
// state, so that any number of processes may note and ask at once.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/base/sha256.h"

namespace nyx::plan {

// Of the code and of the machine that it was made for: the code relies on that machine's programs and settings, so the
// same bytes in another bundle are another thing.
Digest code_key(const Digest& plan_hash, std::string_view section, ByteView code);

// $XDG_STATE_HOME/nyx/code, or ~/.local/state/nyx/code. Empty: neither is known.
std::string trusted_code_folder();

// Notes a key; `origin` is for people who look. Done already: nothing happens.
Status trust_code(const Digest& key, std::string_view origin);
// A regular file that belongs to the user and that nobody else may write to.
bool is_users_own(const std::string& path);
// Only what is the user's own and nobody else could have written counts.
bool is_code_trusted(const Digest& key);

}  // namespace nyx::plan
