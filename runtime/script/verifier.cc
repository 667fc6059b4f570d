// Accepts exactly the programs that the interpreter can run without looking at an index again (docs/bytecode.md, "What
// is verified").
#include "runtime/script/verifier.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "runtime/script/instructions.h"

namespace nyx::script {

namespace {

bool operand_fits(const Program& program, const Function& function, Operand kind, std::uint32_t value,
                  std::uint32_t at) {
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
            return value < program.constants.size();
        case Operand::String:
            return value < program.constants.size() && program.constants[value].type == Type::kString;
        case Operand::Capture:
            return value < function.captures.size();
        case Operand::Global:
            return value < program.globals.size();
        case Operand::Native:
            return value < program.natives.size();
        case Operand::Module:
            return value < program.modules.size();
        case Operand::Function:
            return value < program.functions.size();
        case Operand::Forward:
            return value > at && value < function.code.size();
        case Operand::Backward:
            return value <= at;
        case Operand::CallSite:
            return value < program.call_sites.size();
        case Operand::Class:
            return value < program.classes.size();
        case Operand::Record:
            return value < program.records.size();
        case Operand::Machine:
            return value < program.machines.size();
        case Operand::Device:
            return value < program.devices.size();
        case Operand::Setting:
            return value < program.settings.size();
        case Operand::TypeCheck:
            return value < program.checks.size();
    }
    return false;
}

bool captures_fit(const Function& maker, const Function& made) {
    return std::all_of(made.captures.begin(), made.captures.end(), [&maker](const Capture& capture) {
        return capture.index < (capture.from_local ? maker.local_count : maker.captures.size());
    });
}

bool class_fits(const Program& program, const Function& maker, const ClassInfo& info) {
    if (info.fields != kNone && !captures_fit(maker, program.functions[info.fields])) return false;
    return std::all_of(info.methods.begin(), info.methods.end(),
                       [&](const auto& method) { return captures_fit(maker, program.functions[method.second]); });
}

Status check_shape(const Program& program, const Function& function) {
    std::size_t fixed = function.parameters.size() + (function.has_self ? 1 : 0);
    if (function.code.empty() || function.spans.size() != function.code.size())
        return corrupt_bytecode("length of the code");
    if (function.parameters.size() > 255 || function.local_count < fixed ||
        function.required > function.parameters.size() || function.local_names.size() != function.local_count ||
        function.captures.size() != function.capture_names.size()) {
        return corrupt_bytecode("locals");
    }
    if (!is_known(program, function.where) || !std::all_of(function.spans.begin(), function.spans.end(),
                                                           [&program](Span span) { return is_known(program, span); })) {
        return corrupt_bytecode("place in the source");
    }
    return {};
}

Status check_operands(const Program& program, const Function& function) {
    for (std::uint32_t at = 0; at < function.code.size(); ++at) {
        const Instruction& in = function.code[at];
        const OpInfo& op = info_of(in.op);
        if (!operand_fits(program, function, op.a, in.a, at) || !operand_fits(program, function, op.b, in.b, at))
            return corrupt_bytecode("operand");
        if (in.op == Op::kClosure && !captures_fit(function, program.functions[in.b]))
            return corrupt_bytecode("capture");
        if (in.op == Op::kMakeClass && !class_fits(program, function, program.classes[in.b]))
            return corrupt_bytecode("capture");
    }
    return {};
}

Status check_ranges(const Function& function) {
    for (const Handler& handler : function.handlers) {
        if (handler.begin >= handler.end || handler.end > function.code.size() ||
            handler.target >= function.code.size()) {
            return corrupt_bytecode("handler");
        }
    }
    for (const Statement& statement : function.statements) {
        if (statement.begin >= statement.end || statement.end >= function.code.size())
            return corrupt_bytecode("statement");
    }
    return {};
}

// Follows every path once; the stack is equally deep on all paths to an instruction.
class Depths {
  public:
    Depths(const Program& program, const Function& function)
        : program_(program), function_(function), depth_(function.code.size()) {}

    bool run() {
        bool good = reach(0, 0);
        for (const Handler& handler : function_.handlers)
            good = good && handler.depth <= 0xFFFF && reach(handler.target, handler.depth + std::size_t{1});
        for (const Statement& statement : function_.statements) good = good && reach(statement.end, 0);
        while (good && !pending_.empty()) {
            std::uint32_t at = pending_.back();
            pending_.pop_back();
            good = step(at);
        }
        return good;
    }
    std::size_t deepest() const { return deepest_; }

  private:
    bool reach(std::size_t at, std::size_t size) {
        if (at >= function_.code.size()) return false;
        deepest_ = std::max(deepest_, size);
        if (!depth_[at]) {
            depth_[at] = size;
            pending_.push_back(static_cast<std::uint32_t>(at));
        }
        return *depth_[at] == size;
    }

    bool step(std::uint32_t at) {
        const Instruction& in = function_.code[at];
        Effect effect = effect_of(program_, in);
        if (*depth_[at] < effect.pops) return false;
        std::size_t left = *depth_[at] - effect.pops;
        for (const Handler& handler : function_.handlers) {
            if (at >= handler.begin && at < handler.end && left < handler.depth) return false;
        }
        bool good = !is_jump(in.op) || reach(in.b, left + effect.jump_pushes);
        return good && (ends(in.op) || reach(at + std::size_t{1}, left + effect.pushes));
    }

    const Program& program_;
    const Function& function_;
    std::vector<std::optional<std::size_t>> depth_;
    std::vector<std::uint32_t> pending_;
    std::size_t deepest_ = 1;
};

}  // namespace

Status verify_function(const Program& program, Function& function) {
    NYX_TRY(check_shape(program, function));
    NYX_TRY(check_operands(program, function));
    NYX_TRY(check_ranges(function));
    Depths depths(program, function);
    if (!depths.run()) return corrupt_bytecode("depth of the stack");
    if (depths.deepest() > 0xFFFF) return corrupt_bytecode("the stack is too deep");
    function.max_stack = static_cast<std::uint32_t>(depths.deepest());
    return {};
}

Status verify(Program& program) {
    NYX_TRY(verify_tables(program));
    for (Function& function : program.functions) {
        if (Status status = verify_function(program, function); !status)
            return fail(std::move(status.error()).in(function.name));
    }
    return {};
}

}  // namespace nyx::script
