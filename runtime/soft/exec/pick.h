// Choosing the instance of a function template for an operand width and a way to form addresses.
#pragma once

#include <cstdint>

#include "runtime/base/check.h"
#include "runtime/soft/access.h"
#include "runtime/soft/decode/lowering.h"

namespace nyx::soft {

// pick.operator()<T>() for the unsigned type of this width.
template <class Pick>
Run by_width(unsigned bits, Pick pick) {
    switch (bits) {
        case 8:
            return pick.template operator()<std::uint8_t>();
        case 16:
            return pick.template operator()<std::uint16_t>();
        case 32:
            return pick.template operator()<std::uint32_t>();
        case 64:
            return pick.template operator()<std::uint64_t>();
        default:
            return nullptr;
    }
}

// The same for instructions that have no 8-bit form.
template <class Pick>
Run by_wide(unsigned bits, Pick pick) {
    return bits == 8 ? nullptr : by_width(bits, pick);
}

// By an operand's size in bytes, one of kBytes.
template <std::size_t... kBytes, class Pick>
Run by_bytes(unsigned bits, Pick pick) {
    Run run = nullptr;
    static_cast<void>(((bits == kBytes * 8 && (run = pick.template operator()<kBytes>(), true)) || ...));
    return run;
}

template <class Pick>
Run by_address(AddressKind kind, Pick pick) {
    switch (kind) {
        case AddressKind::kFlat:
            return pick.template operator()<Flat>();
        case AddressKind::kFlat32:
            return pick.template operator()<Flat32>();
        case AddressKind::kSegmented:
            return pick.template operator()<Segmented>();
    }
    return nullptr;
}

// Where the second operand of an instruction comes from.
struct FromRegister {
    template <class T>
    static T value(const Cpu& cpu, const Op* op) {
        return get<T>(cpu, op->src);
    }
};
struct FromImmediate {
    template <class T>
    static T value(const Cpu&, const Op* op) {
        return static_cast<T>(op->imm);
    }
};

}  // namespace nyx::soft
