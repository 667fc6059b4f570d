#include "vector_forms.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace nyx::soft {
namespace {

constexpr VectorOperand kFirst[] = {
    {OperandKind::kXmm},        {OperandKind::kYmm},         {OperandKind::kMmx},        {OperandKind::kGeneral32},
    {OperandKind::kGeneral64},  {OperandKind::kX87},         {OperandKind::kMemory, 1},  {OperandKind::kMemory, 2},
    {OperandKind::kMemory, 4},  {OperandKind::kMemory, 8},   {OperandKind::kMemory, 10}, {OperandKind::kMemory, 16},
    {OperandKind::kMemory, 28}, {OperandKind::kMemory, 108}, {OperandKind::kMemory, 32}, {OperandKind::kImmediate},
};

ZydisRegister reg(ZydisRegister first, std::uint64_t number) {
    return static_cast<ZydisRegister>(static_cast<std::uint64_t>(first) + number);
}

// RSP and RBX stay as they are: the stack, and what memory operands start from.
ZydisRegister general(ZydisRegister first, Random& random) {
    std::uint64_t number = random.below(16);
    return reg(first, number == 4 || number == 3 ? 0 : number);
}

bool is_gather(ZydisMnemonic mnemonic) {
    return std::string_view(ZydisMnemonicGetString(mnemonic)).find("gather") != std::string_view::npos;
}

ZydisEncoderOperand operand_of(const VectorForm& form, std::size_t i, Random& random) {
    const VectorOperand& operand = form.operands[i];
    ZydisEncoderOperand out{};
    out.type = ZYDIS_OPERAND_TYPE_REGISTER;
    switch (operand.kind) {
        case OperandKind::kXmm:
            out.reg.value = reg(ZYDIS_REGISTER_XMM0, random.below(16));
            break;
        case OperandKind::kYmm:
            out.reg.value = reg(ZYDIS_REGISTER_YMM0, random.below(16));
            break;
        case OperandKind::kMmx:
            out.reg.value = reg(ZYDIS_REGISTER_MM0, random.below(8));
            break;
        case OperandKind::kX87:
            out.reg.value = reg(ZYDIS_REGISTER_ST0, random.below(8));
            break;
        case OperandKind::kGeneral32:
            out.reg.value = general(ZYDIS_REGISTER_EAX, random);
            break;
        case OperandKind::kGeneral64:
            out.reg.value = general(ZYDIS_REGISTER_RAX, random);
            break;
        case OperandKind::kImmediate:
            out.type = ZYDIS_OPERAND_TYPE_IMMEDIATE;
            out.imm.u = random.below(256);
            break;
        case OperandKind::kMemory:
            out.type = ZYDIS_OPERAND_TYPE_MEMORY;
            out.mem.base = ZYDIS_REGISTER_RBX;
            out.mem.displacement = 64;
            out.mem.size = operand.bytes;
            break;
    }
    out.reg.is4 = i == 3 && out.type == ZYDIS_OPERAND_TYPE_REGISTER;
    return out;
}

// FXSAVE and its kind, of which Zydis encodes the form with REX.W only, the next mnemonic.
bool lacks_encoding(ZydisMnemonic mnemonic) {
    constexpr ZydisMnemonic kNames[] = {ZYDIS_MNEMONIC_FXSAVE,   ZYDIS_MNEMONIC_FXRSTOR, ZYDIS_MNEMONIC_XSAVE,
                                        ZYDIS_MNEMONIC_XSAVEOPT, ZYDIS_MNEMONIC_XSAVEC,  ZYDIS_MNEMONIC_XSAVES,
                                        ZYDIS_MNEMONIC_XRSTOR,   ZYDIS_MNEMONIC_XRSTORS};
    return std::ranges::find(kNames, mnemonic) != std::end(kNames);
}

std::optional<std::vector<std::uint8_t>> encode_with(const VectorForm& form, Random& random, bool wide_index) {
    ZydisEncoderRequest request{};
    request.machine_mode = ZYDIS_MACHINE_MODE_LONG_64;
    request.allowed_encodings =
        static_cast<ZydisEncodableEncoding>(ZYDIS_ENCODABLE_ENCODING_LEGACY | ZYDIS_ENCODABLE_ENCODING_VEX);
    const bool drops_rex = lacks_encoding(form.mnemonic);
    request.mnemonic = static_cast<ZydisMnemonic>(form.mnemonic + (drops_rex ? 1 : 0));
    request.operand_count = static_cast<ZyanU8>(form.operands.size());
    for (std::size_t i = 0; i < form.operands.size(); ++i) request.operands[i] = operand_of(form, i, random);
    if (is_gather(form.mnemonic) && form.operands.size() == 3 && form.operands[1].kind == OperandKind::kMemory) {
        request.operands[1].mem.index = reg(wide_index ? ZYDIS_REGISTER_YMM0 : ZYDIS_REGISTER_XMM0, random.below(16));
        request.operands[1].mem.scale = static_cast<ZyanU8>(1u << random.below(4));
    }
    std::array<std::uint8_t, ZYDIS_MAX_INSTRUCTION_LENGTH> bytes;
    ZyanUSize size = bytes.size();
    if (!ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, bytes.data(), &size))) return std::nullopt;
    return std::vector<std::uint8_t>(bytes.begin() + (drops_rex ? 1 : 0),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

bool is_worth_trying(const VectorForm& form) {
    unsigned memory = 0;
    for (std::size_t i = 0; i < form.operands.size(); ++i) {
        const OperandKind kind = form.operands[i].kind;
        memory += kind == OperandKind::kMemory;
        if (kind == OperandKind::kImmediate && (i == 0 || i + 1 != form.operands.size())) return false;
        if (kind == OperandKind::kX87 && form.operands.size() > 2) return false;
        if (i == 3 && kind != OperandKind::kImmediate && kind != form.operands[0].kind) return false;
        if (i == 3 && form.operands[1].kind != OperandKind::kXmm && form.operands[1].kind != OperandKind::kYmm)
            return false;
    }
    return memory <= 1;
}

void extend(VectorForm& form, std::vector<VectorForm>& out) {
    Random random(form.mnemonic);
    if (encode(form, random)) out.push_back(form);
    const bool is_vex = std::string_view(ZydisMnemonicGetString(form.mnemonic)).starts_with('v');
    if (form.operands.size() == (is_vex ? 4 : 3)) return;
    for (const VectorOperand& operand : kFirst) {
        form.operands.push_back(operand);
        if (is_worth_trying(form)) extend(form, out);
        form.operands.pop_back();
    }
}

}  // namespace

bool VectorForm::is_image() const {
    const std::string_view name = ZydisMnemonicGetString(mnemonic);
    return name.starts_with("fx") || name.starts_with("xs") || name.starts_with("xr") || name == "fnsave" ||
           name == "frstor" || name == "fnstenv" || name == "fldenv";
}

bool VectorForm::has_memory() const {
    return std::ranges::any_of(operands, [](const VectorOperand& o) { return o.kind == OperandKind::kMemory; });
}

std::vector<VectorForm> forms_of(ZydisMnemonic mnemonic) {
    std::vector<VectorForm> out;
    VectorForm form{mnemonic, {}};
    extend(form, out);
    if (!out.empty() && out[0].is_image()) out.resize(1, out[0]);  // they differ in the size that nobody looks at
    return out;
}

std::optional<std::vector<std::uint8_t>> encode(const VectorForm& form, Random& random) {
    const bool has_x87 = std::ranges::any_of(form.operands, [](const auto& o) { return o.kind == OperandKind::kX87; });
    for (unsigned i = 0; i < (is_gather(form.mnemonic) || has_x87 ? 128 : 1); ++i)
        if (auto bytes = encode_with(form, random, i % 2 != 0)) return bytes;
    return std::nullopt;
}

}  // namespace nyx::soft
