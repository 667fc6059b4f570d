// What a guest writes to a serial port, passed on as it comes and told line by line.
#pragma once

#include <functional>
#include <string>

#include "devices/kit/byte_stream.h"

namespace nyx::cli {

// Called by one thread at a time, as the device's lock has it.
class SerialLines final : public dev::ByteSink {
  public:
    static constexpr std::size_t kLongest = 4096;  // bytes; the rest of a line is passed on, and not told
    // told: a line without its end, as bytes. out outlives this.
    SerialLines(dev::ByteSink& out, std::function<void(std::string)> told) : out_(out), told_(std::move(told)) {}
    void write(std::span<const std::uint8_t> bytes) override;

  private:
    dev::ByteSink& out_;
    std::function<void(std::string)> told_;
    std::string line_;
};

}  // namespace nyx::cli
