// Accepts exactly the programs that the interpreter can run without looking at an index again (docs/bytecode.md, "What
// is verified").
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "runtime/script/program.h"

namespace nyx::script {

namespace {

enum class Operand {
    None,
    Local,
    Count,
    Immediate,
    Constant,
    String,
    Capture,
    Global,
    Native,
    Module,
    Function,
    Forward,
    Backward,
    CallSite,
    Class,
    Record,
    Machine,
    Device,
    Setting,
    TypeCheck
};
constexpr int kVaries = -1;

struct OpInfo {
    std::string_view name;
    Operand a;
    Operand b;
    int pops;
    int pushes;
};

constexpr OpInfo kOps[] = {
#define NYX_OP(name, a, b, pops, pushes) {#name, Operand::a, Operand::b, pops, pushes},
#include "runtime/script/ops.def"
};

const OpInfo& info_of(Op op) {
    return kOps[static_cast<std::size_t>(op)];
}

struct Effect {
    std::size_t pops = 0;
    std::size_t pushes = 0;  // when it goes on to the next instruction
    std::size_t jump_pushes = 0;
};

bool ends(Op op) {
    return op == Op::kJump || op == Op::kLoop || op == Op::kReturn || op == Op::kThrow || op == Op::kRethrow ||
           op == Op::kAssertFail;
}

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

class Verifier {
  public:
    explicit Verifier(Program& program) : program_(program) {}

    Status run() {
        NYX_TRY(tables());
        for (Function& function : program_.functions) {
            if (Status status = check(function); !status) return fail(std::move(status.error()).in(function.name));
        }
        return {};
    }

  private:
    static tl::unexpected<Error> corrupt(std::string_view what) {
        return fail(ErrorCode::kCorrupt, "the bytecode is corrupt: {}", what);
    }

    bool known(Span span) const {
        return !span.known() || (span.file < program_.files.size() && span.begin <= span.end);
    }

    Status tables() {
        for (const FileName& file : program_.files) {
            if (!std::is_sorted(file.line_starts.begin(), file.line_starts.end())) return corrupt("lines of a file");
        }
        for (const Constant& constant : program_.constants) {
            bool quantity = constant.type >= Type::kSize && constant.type <= Type::kFrequency;
            if (!quantity && constant.type != Type::kInt && constant.type != Type::kFloat &&
                constant.type != Type::kString) {
                return corrupt("type of a constant");
            }
        }
        for (const ModuleTable& module : program_.modules) {
            for (const auto& [name, global] : module.exports) {
                if (global >= program_.globals.size()) return corrupt("export of a module");
            }
        }
        for (const CallSite& site : program_.call_sites) {
            if (site.count() > 255) return corrupt("number of arguments");
        }
        NYX_TRY(class_tables());
        NYX_TRY(type_tables());
        NYX_TRY(shape_tables());
        for (std::uint32_t entry : program_.entries) {
            if (entry >= program_.functions.size()) return corrupt("entry");
            const Function& function = program_.functions[entry];
            if (function.has_self || !function.parameters.empty() || !function.captures.empty())
                return corrupt("entry");
        }
        return {};
    }

    Status class_tables() const {
        for (const ClassInfo& info : program_.classes) {
            for (const auto& [name, function] : info.methods) {
                if (function >= program_.functions.size()) return corrupt("method");
            }
            if (info.fields == kNone) continue;
            if (info.fields >= program_.functions.size()) return corrupt("fields of a class");
            const Function& fields = program_.functions[info.fields];
            if (!fields.has_self || !fields.parameters.empty()) return corrupt("fields of a class");
        }
        return {};
    }

    Status type_tables() const {
        for (std::size_t i = 0; i < program_.types.size(); ++i) {
            const TypeDesc& type = program_.types[i];
            if (type.kind > TypeKind::kNamed || type.basic > Type::kCell) return corrupt("type");
            for (std::uint32_t parameter : type.parameters) {
                if (parameter >= i) return corrupt("type parameter");
            }
        }
        for (const TypeCheck& type : program_.checks) {
            if (type.type >= program_.types.size()) return corrupt("type check");
        }
        return {};
    }

    Status shape_tables() const {
        bool good = true;
        for (const RecordShape& record : program_.records) {
            good = good && known(record.where) && known(record.name_where);
            for (const RecordShape::Field& field : record.fields)
                good = good && known(field.where) && known(field.name_where);
        }
        for (const MachineShape& machine : program_.machines)
            good = good && known(machine.where) && known(machine.base_where);
        for (const DeviceShape& device : program_.devices) good = good && known(device.where);
        for (const SettingShape& setting : program_.settings)
            good = good && known(setting.where) && known(setting.name_where);
        if (!good) return corrupt("place in the source");
        return {};
    }

    Status check(Function& function) {
        std::size_t fixed = function.parameters.size() + (function.has_self ? 1 : 0);
        if (function.code.empty() || function.spans.size() != function.code.size())
            return corrupt("length of the code");
        if (function.parameters.size() > 255 || function.local_count < fixed ||
            function.required > function.parameters.size() || function.local_names.size() != function.local_count ||
            function.captures.size() != function.capture_names.size()) {
            return corrupt("locals");
        }
        if (!known(function.where) ||
            !std::all_of(function.spans.begin(), function.spans.end(), [this](Span span) { return known(span); })) {
            return corrupt("place in the source");
        }
        for (std::uint32_t at = 0; at < function.code.size(); ++at) {
            const Instruction& in = function.code[at];
            if (!operand(function, info_of(in.op).a, in.a, at) || !operand(function, info_of(in.op).b, in.b, at)) {
                return corrupt("operand");
            }
            if (in.op == Op::kClosure && !captures_fit(function, program_.functions[in.b])) return corrupt("capture");
            if (in.op == Op::kMakeClass && !class_fits(function, program_.classes[in.b])) return corrupt("capture");
        }
        for (const Handler& handler : function.handlers) {
            if (handler.begin >= handler.end || handler.end > function.code.size() ||
                handler.target >= function.code.size()) {
                return corrupt("handler");
            }
        }
        for (const Statement& statement : function.statements) {
            if (statement.begin >= statement.end || statement.end >= function.code.size()) return corrupt("statement");
        }
        return depths(function);
    }

    bool operand(const Function& function, Operand kind, std::uint32_t value, std::uint32_t at) const {
        switch (kind) {
            case Operand::None:
                return value == 0;
            case Operand::Immediate:
                return true;
            case Operand::Local:
                return value < function.local_count;
            case Operand::Count:
                return value <= 0xFFFF;
            case Operand::Constant:
                return value < program_.constants.size();
            case Operand::String:
                return value < program_.constants.size() && program_.constants[value].type == Type::kString;
            case Operand::Capture:
                return value < function.captures.size();
            case Operand::Global:
                return value < program_.globals.size();
            case Operand::Native:
                return value < program_.natives.size();
            case Operand::Module:
                return value < program_.modules.size();
            case Operand::Function:
                return value < program_.functions.size();
            case Operand::Forward:
                return value > at && value < function.code.size();
            case Operand::Backward:
                return value <= at;
            case Operand::CallSite:
                return value < program_.call_sites.size();
            case Operand::Class:
                return value < program_.classes.size();
            case Operand::Record:
                return value < program_.records.size();
            case Operand::Machine:
                return value < program_.machines.size();
            case Operand::Device:
                return value < program_.devices.size();
            case Operand::Setting:
                return value < program_.settings.size();
            case Operand::TypeCheck:
                return value < program_.checks.size();
        }
        return false;
    }

    static bool captures_fit(const Function& maker, const Function& made) {
        return std::all_of(made.captures.begin(), made.captures.end(), [&maker](const Capture& capture) {
            return capture.index < (capture.from_local ? maker.local_count : maker.captures.size());
        });
    }

    bool class_fits(const Function& maker, const ClassInfo& info) const {
        if (info.fields != kNone && !captures_fit(maker, program_.functions[info.fields])) return false;
        return std::all_of(info.methods.begin(), info.methods.end(),
                           [&](const auto& method) { return captures_fit(maker, program_.functions[method.second]); });
    }

    // Follows every path once; the stack is equally deep on all paths to an instruction.
    Status depths(Function& function) {
        std::vector<std::optional<std::size_t>> depth(function.code.size());
        std::vector<std::uint32_t> pending;
        std::size_t deepest = 1;
        auto reach = [&](std::size_t at, std::size_t size) {
            if (at >= function.code.size()) return false;
            deepest = std::max(deepest, size);
            if (!depth[at]) {
                depth[at] = size;
                pending.push_back(static_cast<std::uint32_t>(at));
            }
            return *depth[at] == size;
        };
        bool good = reach(0, 0);
        for (const Handler& handler : function.handlers) {
            good = good && handler.depth <= 0xFFFF && reach(handler.target, handler.depth + std::size_t{1});
        }
        for (const Statement& statement : function.statements) good = good && reach(statement.end, 0);
        while (good && !pending.empty()) {
            std::uint32_t at = pending.back();
            pending.pop_back();
            const Instruction& in = function.code[at];
            Effect effect = effect_of(program_, in);
            good = *depth[at] >= effect.pops;
            if (!good) break;
            std::size_t left = *depth[at] - effect.pops;
            for (const Handler& handler : function.handlers) {
                good = good && (at < handler.begin || at >= handler.end || left >= handler.depth);
            }
            if (is_jump(in.op)) good = good && reach(in.b, left + effect.jump_pushes);
            if (!ends(in.op)) good = good && reach(at + std::size_t{1}, left + effect.pushes);
        }
        if (!good) return corrupt("depth of the stack");
        if (deepest > 0xFFFF) return corrupt("the stack is too deep");
        function.max_stack = static_cast<std::uint32_t>(deepest);
        return {};
    }

    Program& program_;
};

}  // namespace

bool is_jump(Op op) {
    Operand b = info_of(op).b;
    return b == Operand::Forward || b == Operand::Backward;
}

Status verify(Program& program) {
    return Verifier(program).run();
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
