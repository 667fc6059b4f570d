// What stands behind a described device of stdlib: it takes what the device sends, and brings what it waits for.
//
// One is of one device, which owns it. Everything is called with the device's lock held.
#pragma once

#include <memory>
#include <string_view>

#include "devices/described/device.h"

namespace nyx::dev::companions {

class Companion : public described::Outlets {
  public:
    // The device has just been made. kInvalidArgument: its program has not the ports that this companion knows.
    virtual Status join(described::Described& device) = 0;
};

// Null: devices of this type need none.
std::unique_ptr<Companion> make(std::string_view type, const Environment& environment);

// The number of the program's source, sink, query or derived value of that name and width. kInvalidArgument: there is
// none.
Result<std::uint32_t> source_of(const ir::Program& program, std::string_view name, unsigned bits);
Result<std::uint32_t> sink_of(const ir::Program& program, std::string_view name, unsigned bits);
Result<std::uint32_t> query_of(const ir::Program& program, std::string_view name, unsigned about, unsigned bits);
Result<std::uint32_t> derived_of(const ir::Program& program, std::string_view name);

}  // namespace nyx::dev::companions
