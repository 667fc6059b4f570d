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

// Code (§20.2.5). A method runs alone.
Term method(std::string_view path, unsigned arguments, const Terms& terms);
Term notify(std::string_view object, std::uint64_t value);
// Terms that run where `value`, a variable, has one of these bits.
Term if_any(const Term& value, std::uint64_t bits, const Terms& terms);
Term local(unsigned number);                    // 0 to 7
Term store(const Term& value, const Term& to);  // to: local(n)
Term named(std::string_view path);              // the value of what has this name

// A register in memory: a region of four bytes by its own name, and what they are called together.
Term memory_register(std::string_view region, std::uint64_t address, std::string_view field);

}  // namespace nyx::acpi::aml
