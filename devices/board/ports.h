// Which part answers at a port. Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "devices/board/part.h"

namespace nyx::dev::board {

class Ports {
  public:
    // `part` outlives this.
    void add(Part& part, std::string_view bank, Range ports) {
        windows_.push_back({ports, &part, part.bank(bank)});
        ranges_.push_back(ports);
    }
    std::span<const Range> ranges() const { return ranges_; }

    // A byte at a time, as these parts have them; where nothing stands ones are read, and writes are lost.
    std::uint64_t read(std::uint64_t port, std::uint8_t width) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < width; ++i) {
            const Window* window = at(port + i);
            const std::uint64_t byte =
                window == nullptr ? 0xFF : window->part->read(window->bank, port + i - window->ports.base, 1);
            value |= byte << (8 * i);
        }
        return value;
    }
    void write(std::uint64_t port, std::uint8_t width, std::uint64_t value) {
        for (unsigned i = 0; i < width; ++i)
            if (const Window* window = at(port + i))
                window->part->write(window->bank, port + i - window->ports.base, 1, value >> (8 * i) & 0xFF);
    }

  private:
    struct Window {
        Range ports;
        Part* part = nullptr;
        std::uint32_t bank = 0;
    };

    const Window* at(std::uint64_t port) const {
        for (const Window& window : windows_)
            if (window.ports.contains(port)) return &window;
        return nullptr;
    }

    std::vector<Window> windows_;
    std::vector<Range> ranges_;
};

}  // namespace nyx::dev::board
