#include "runtime/machine/disassembler.h"

#include <Zydis/Zydis.h>

#include <array>

namespace nyx::vm {

static ZydisMachineMode mode_of(CodeWidth width) {
    switch (width) {
        case CodeWidth::k16:
            return ZYDIS_MACHINE_MODE_LEGACY_16;
        case CodeWidth::k32:
            return ZYDIS_MACHINE_MODE_LEGACY_32;
        case CodeWidth::k64:
            return ZYDIS_MACHINE_MODE_LONG_64;
    }
    return ZYDIS_MACHINE_MODE_LONG_64;
}

Instruction disassemble(ByteView code, CodeWidth width, std::uint64_t rip) {
    ZydisDisassembledInstruction decoded;
    if (!ZYAN_SUCCESS(ZydisDisassembleIntel(mode_of(width), rip, code.data(), code.size(), &decoded))) return {};
    return {decoded.text, decoded.info.length};
}

}  // namespace nyx::vm
