// One SMBIOS structure (DSP0134 3.3 §6.1): header, formatted area, strings.
#pragma once

#include <string_view>

#include "runtime/base/bytes.h"

namespace nyx::acpi {

// Handles: one number range a type, so that one structure can name another.
enum SmbiosHandle : std::uint16_t {
    kBios = 0x0000,
    kSystem = 0x0100,
    kChassis = 0x0300,
    kProcessors = 0x0400,
    kMemoryArray = 0x1000,
    kMemoryDevice = 0x1100,
    kMappedAddresses = 0x1300,
    kBootInformation = 0x2000,
    kEndOfTable = 0x7F00,
};

// Fields are written in order; finish() fills in the length, and is called once.
class SmbiosStructure {
  public:
    SmbiosStructure(std::uint8_t type, std::uint16_t handle) {
        fields_.write(type);
        fields_.write(std::uint8_t{0});
        fields_.write(handle);
    }

    void u8(std::uint8_t value) { fields_.write(value); }
    void u16(std::uint16_t value) { fields_.write(value); }
    void u32(std::uint32_t value) { fields_.write(value); }
    void u64(std::uint64_t value) { fields_.write(value); }
    void bytes(ByteView value) { fields_.write(value); }
    void zeros(std::size_t count) { fields_.zeros(count); }
    // A field that numbers a string of this structure; 0 for an empty one (§6.1.3).
    void text(std::string_view value) {
        if (!value.empty()) {
            strings_.write(value);
            strings_.zeros(1);
            ++count_;
        }
        fields_.write(value.empty() ? std::uint8_t{0} : count_);
    }

    void no_texts(std::size_t count) { zeros(count); }

    Bytes finish() {
        constexpr std::size_t kLengthOffset = 1;
        fields_.bytes()[kLengthOffset] = static_cast<std::uint8_t>(fields_.size());
        fields_.write(ByteView{strings_.bytes()});
        fields_.zeros(count_ == 0 ? 2 : 1);
        return fields_.take();
    }

  private:
    ByteWriter fields_;
    ByteWriter strings_;
    std::uint8_t count_ = 0;
};

}  // namespace nyx::acpi
