// Machines made by hand for the tests of compiler/place, in a folder with image files. Spans are numbered: span(7) is
// bytes 7 to 8 of file 0.
#pragma once

#include <string>

#include "compiler/place/place.h"

namespace nyx::place {

inline Span span(std::uint32_t at) {
    return {0, at, at + 1};
}

template <class T>
model::Sourced<T> at(T value, std::uint32_t place, bool is_default = false) {
    return {std::move(value), span(place), is_default};
}

// A folder of its own, removed at the end.
class Folder {
  public:
    Folder();
    ~Folder();
    void write(const std::string& name, ByteView bytes) const;
    model::Image image(const std::string& name) const { return {path + "/" + name, name}; }

    std::string path;
};

// 128 MiB, one vCPU, a PVH image "probe.elf" loaded at 1 MiB, com1 by default.
model::Machine sample_machine(const Folder& folder);
model::Device serial(const std::string& name, std::uint32_t place);
// One range of ports at `base`, which is written at place + 1.
model::Device port_device(const std::string& name, std::uint64_t base, std::uint64_t size, std::uint32_t place);
model::Device mmio_device(const std::string& name, std::uint64_t base, std::uint64_t size, std::uint32_t place);
model::Device line_device(const std::string& name, std::uint64_t gsi, std::uint32_t place);

struct Placed {
    std::optional<PlacedMachine> machine;
    std::vector<diagnostics::Diagnostic> findings;
};
Placed placed_of(const model::Machine& machine);
// The only finding; the test fails where there is none or a second.
diagnostics::Diagnostic only(const model::Machine& machine);

}  // namespace nyx::place
