// Remembers where each value of a machine comes from, while the blocks that it is made of are at hand.
#pragma once

#include "compiler/check/fields.h"
#include "compiler/check/merge.h"
#include "compiler/model/origin.h"

namespace nyx::check {

// The machine itself: its own block, then those that it extends.
model::Origin machine_origin(const MergedMachine& merged);
// A device: the blocks that describe it.
model::Origin device_origin(const MergedDevice& device);
// All fields of a block; path: "" for those of the machine, "com1" of a device. fields: what type_fields() made of it.
void add_origins(const std::string& path, const Block& block, const Record& fields, const Schemas& schemas,
                 model::Origins& into);

// Not a function, a name that stands for itself, or what a mistake has taken away.
bool says_something(const script::Value& value);
// Parts of an expression as text, those of which there is something to say.
std::vector<model::OriginPart> parts_of(const std::vector<script::Note>& notes);
// A value as one would write it in a field of this type: a port in hex, a size with its unit.
std::string written_value(const script::Value& value, const FieldType& type);
std::string written_value(const Typed& value, const FieldType& type);

}  // namespace nyx::check
