// ACPI Machine Language, as values: each function returns the encoding of one term, and terms nest by being arguments.
//
// Encodings are those of ACPI 6.5 §20.2. Pure functions, safe from any thread. A name that is not a NameString, or a
// term too long for a PkgLength (256 MiB), is a mistake of ours (NYX_CHECK).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/base/bytes.h"

namespace nyx::acpi::aml {

using Term = Bytes;
using Terms = std::vector<Term>;

// `path` as ASL writes it: "_HID", "COM1", "\\_SB", "\\_SB.PEVT". Segments are padded to four characters.
Bytes name_string(std::string_view path);

Term integer(std::uint64_t value);
Term string(std::string_view text);
Term buffer(ByteView bytes);
Term package(const Terms& elements);
// A PNP identifier ("PNP0501") in the compressed form that _HID and _CID use (ACPI 6.5 §6.1.5); others are strings
// ("ACPI0007").
Term hardware_id(std::string_view id);

Term name(std::string_view path, const Term& value);
Term scope(std::string_view path, const Terms& terms);
Term device(std::string_view path, const Terms& terms);

}  // namespace nyx::acpi::aml
