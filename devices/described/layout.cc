#include "devices/described/layout.h"

#include "runtime/base/bits.h"

namespace nyx::dev::described {

namespace {

std::uint8_t bytes_for(unsigned bits) {
    if (bits <= 8) return 1;
    if (bits <= 16) return 2;
    return bits <= 32 ? 4 : 8;
}

}  // namespace

Layout layout_of(const ir::Program& program) {
    Layout layout;
    for (const ir::StateField& field : program.state) {
        FieldPlace place;
        place.size = bytes_for(field.type.bits);
        if (field.type.kind == ir::TypeKind::kFifo) {
            place.lengths = static_cast<std::uint32_t>(align_up(layout.size, 4));
            layout.size = place.lengths + 8;
        }
        place.offset = static_cast<std::uint32_t>(align_up(layout.size, place.size));
        layout.size = place.offset + place.size * field.type.count;
        layout.fields.push_back(place);
    }
    return layout;
}

}  // namespace nyx::dev::described
