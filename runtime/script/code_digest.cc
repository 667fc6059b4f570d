#include "runtime/script/code_digest.h"

#include <bit>
#include <map>

#include "runtime/script/instructions.h"

namespace nyx::script {

namespace {

class CodeWriter {
  public:
    explicit CodeWriter(const Program& program) : program_(program) {}

    Digest run() {
        text("nyx code 1");
        for (const std::uint32_t entry : program_.entries) function(entry);
        for (std::size_t next = 0; next < reached_.size(); ++next) write(program_.functions[reached_[next]]);
        return sha256(out_.bytes());
    }

  private:
    void number(std::uint64_t value) { out_.write(value); }
    void text(std::string_view value) {
        number(value.size());
        out_.write(value);
    }
    template <class List, class Each>
    void list(const List& items, Each each) {
        number(items.size());
        for (const auto& one : items) each(one);
    }

    // Its number among those that were reached.
    void function(std::uint32_t index) {
        const auto [known, is_new] = numbers_.emplace(index, reached_.size());
        if (is_new) reached_.push_back(index);
        number(known->second);
    }

    // Modules may have globals of one name.
    void global(std::uint32_t index) {
        number(globals_.emplace(index, globals_.size()).first->second);
        text(program_.globals[index]);
    }

    // Without its name, which of a module's body is the path.
    void write(const Function& one) {
        list(one.parameters, [&](const std::string& name) { text(name); });
        number(one.required);
        number(one.has_self ? 1 : 0);
        list(one.captures, [&](const Capture& capture) {
            number(capture.from_local ? 1 : 0);
            number(capture.index);
        });
        list(one.handlers, [&](const Handler& handler) {
            for (const std::uint32_t value : {handler.begin, handler.end, handler.target, handler.depth}) number(value);
        });
        for (std::size_t at = 0; at < one.code.size(); ++at) {
            at = behind_machines(one.code, at);
            if (at < one.code.size()) write(one.code[at], static_cast<std::uint32_t>(at));
        }
    }

    // A machine is a function that is called where it stands, and its value goes into a global of its name.
    std::size_t behind_machines(const std::vector<Instruction>& code, std::size_t at) const {
        while (at + 2 < code.size() && code[at].op == Op::kClosure && is_machine(program_.functions[code[at].b]) &&
               code[at + 1].op == Op::kCall && code[at + 2].op == Op::kStoreGlobal)
            at += 3;
        return at;
    }
    static bool is_machine(const Function& one) {
        return !one.code.empty() && one.code.front().op == Op::kBeginMachine;
    }

    void write(const Instruction& in, std::uint32_t at) {
        number(static_cast<std::uint64_t>(in.op));
        number(in.a);
        operand(info_of(in.op).b, in.b, at);
    }

    void operand(Operand kind, std::uint32_t value, std::uint32_t at) {
        switch (kind) {
            case Operand::Constant:
            case Operand::String:
                return constant(program_.constants[value]);
            case Operand::Global:
                return global(value);
            case Operand::Native:
                return text(program_.natives[value]);
            case Operand::Module:
                return module(program_.modules[value]);
            case Operand::Function:
                return function(value);
            case Operand::Forward:
            case Operand::Backward:
                return number(std::uint64_t{value} - at);
            case Operand::CallSite:
                return call_site(program_.call_sites[value]);
            case Operand::Class:
                return class_of(program_.classes[value]);
            case Operand::Record:
                text(program_.records[value].name);
                return list(program_.records[value].fields, [&](const auto& field) { text(field.name); });
            case Operand::TypeCheck:
                return type(program_.types[program_.checks[value].type]);
            case Operand::None:
            case Operand::Local:
            case Operand::Count:
            case Operand::Immediate:
            case Operand::Capture:
            case Operand::Machine:  // and what stands in one is left out
            case Operand::Device:
            case Operand::Setting:
                return number(value);
        }
    }

    void constant(const Constant& one) {
        number(static_cast<std::uint64_t>(one.type));
        number(static_cast<std::uint64_t>(one.integer));
        number(std::bit_cast<std::uint64_t>(one.floating));
        text(one.text);
    }
    void module(const ModuleTable& one) {
        text(one.name);
        list(one.exports, [&](const auto& entry) {
            text(entry.first);
            global(entry.second);
        });
    }
    void call_site(const CallSite& one) {
        text(one.name);
        number(one.positional);
        list(one.names, [&](const std::string& name) { text(name); });
    }
    void class_of(const ClassInfo& one) {
        text(one.name);
        number(one.has_base ? 1 : 0);
        number(one.fields == kNone ? 0 : 1);
        if (one.fields != kNone) function(one.fields);
        list(one.methods, [&](const auto& method) {
            text(method.first);
            function(method.second);
        });
    }
    void type(const TypeDesc& one) {
        number(static_cast<std::uint64_t>(one.kind));
        number(static_cast<std::uint64_t>(one.basic));
        number(static_cast<std::uint64_t>(one.low));
        number(static_cast<std::uint64_t>(one.high));
        number(one.nullable ? 1 : 0);
        text(one.text);
        list(one.parameters, [&](std::uint32_t parameter) { type(program_.types[parameter]); });
    }

    const Program& program_;
    ByteWriter out_;
    std::map<std::uint32_t, std::size_t> numbers_, globals_;
    std::vector<std::uint32_t> reached_;
};

}  // namespace

Digest code_digest(const Program& program) {
    return CodeWriter(program).run();
}

}  // namespace nyx::script
