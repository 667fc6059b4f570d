#include "runtime/script/instructions.h"

#include <fmt/format.h>

namespace nyx::script {

namespace {

constexpr OpInfo kOps[] = {
#define NYX_OP(name, a, b, pops, pushes) {#name, Operand::a, Operand::b, pops, pushes},
#include "runtime/script/ops.def"
};

std::size_t varying_pops(const Program& program, const Instruction& in) {
    switch (in.op) {
        case Op::kCall:
            return in.a + std::size_t{1};
        case Op::kCallNative:
            return in.a;
        case Op::kCallNamed:
        case Op::kInvoke:
        case Op::kInvokeSuper:
            return program.call_sites[in.b].count() + 1;
        case Op::kMakeMap:
            return in.b * std::size_t{2};
        case Op::kMakeClass:
            return program.classes[in.b].has_base ? 1 : 0;
        case Op::kRecord:
            return program.records[in.b].fields.size();
        default:
            return in.b;  // MakeArray, MakeTuple, Concat
    }
}

}  // namespace

const OpInfo& info_of(Op op) {
    return kOps[static_cast<std::size_t>(op)];
}

Effect effect_of(const Program& program, const Instruction& in) {
    const OpInfo& op = info_of(in.op);
    Effect effect;
    effect.pops = op.pops == kVaries ? varying_pops(program, in) : static_cast<std::size_t>(op.pops);
    effect.pushes = op.pushes == kVaries ? in.a : static_cast<std::size_t>(op.pushes);
    switch (in.op) {
        case Op::kJumpIfFalseKeep:
        case Op::kJumpIfTrueKeep:
        case Op::kJumpIfNotNullKeep:
        case Op::kJumpIfSetKeep:
        case Op::kJumpIfNull:
            effect.jump_pushes = 1;
            break;
        default:
            break;  // the others leave nothing where they jump to
    }
    return effect;
}

bool ends(Op op) {
    return op == Op::kJump || op == Op::kLoop || op == Op::kReturn || op == Op::kThrow || op == Op::kRethrow ||
           op == Op::kAssertFail;
}

bool is_jump(Op op) {
    Operand b = info_of(op).b;
    return b == Operand::Forward || b == Operand::Backward;
}

std::string disassemble(const Program& program) {
    std::string out;
    for (const Function& function : program.functions) {
        out += fmt::format("fn {} ({} parameters, {} locals)\n", function.name, function.parameters.size(),
                           function.local_count);
        for (std::size_t i = 0; i < function.code.size(); ++i) {
            const Instruction& in = function.code[i];
            const OpInfo& info = info_of(in.op);
            out += fmt::format("  {:4} {}", i, info.name);
            if (info.a != Operand::None) out += fmt::format(" {}", in.a);
            if (info.b == Operand::Immediate) out += fmt::format(" {}", static_cast<std::int32_t>(in.b));
            if (info.b != Operand::None && info.b != Operand::Immediate) out += fmt::format(" {}", in.b);
            if (info.b == Operand::String) out += fmt::format(" \"{}\"", program.constants[in.b].text);
            out += '\n';
        }
    }
    return out;
}

}  // namespace nyx::script
