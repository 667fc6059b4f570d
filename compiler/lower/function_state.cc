#include "compiler/lower/function_state.h"

#include <algorithm>
#include <set>

namespace nyx::lower {

std::uint16_t FunctionState::take_slot(const std::string& name) {
    if (!free_slots_.empty()) {
        std::uint16_t slot = free_slots_.back();
        free_slots_.pop_back();
        function.local_names[slot] = name;
        return slot;
    }
    if (!too_many_locals()) ++slot_count_;  // reported by the caller; the last slot is then shared
    function.local_names.resize(slot_count_);
    function.local_names[slot_count_ - 1] = name;
    return static_cast<std::uint16_t>(slot_count_ - 1);
}

LocalVariable& FunctionState::declare(const std::string& name, Binding binding, Span where) {
    LocalVariable variable;
    variable.slot = take_slot(name);
    variable.binding = binding;
    variable.where = where;
    scopes_.back().slots.push_back(variable.slot);
    return scopes_.back().names[name] = variable;
}

LocalVariable& FunctionState::declare_for_function(const std::string& name, Span where) {
    LocalVariable variable;
    variable.checked = in_block() || !enclosing.empty();
    // Never a slot that was used before: until its first assignment it has no value.
    if (!too_many_locals()) ++slot_count_;
    function.local_names.resize(slot_count_);
    variable.slot = static_cast<std::uint16_t>(slot_count_ - 1);
    function.local_names[variable.slot] = name;
    variable.where = where;
    return scopes_.front().names[name] = variable;
}

std::uint16_t FunctionState::hidden_slot(Span span) {
    std::uint16_t slot = take_slot("");
    emit(Op::kCloseLocal, span, 0, slot);
    scopes_.back().slots.push_back(slot);
    return slot;
}

LocalVariable* FunctionState::find(const std::string& name) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        auto found = scope->names.find(name);
        if (found != scope->names.end()) return &found->second;
    }
    return nullptr;
}

const LocalVariable* FunctionState::find_in_scope(const std::string& name) const {
    auto found = scopes_.back().names.find(name);
    return found == scopes_.back().names.end() ? nullptr : &found->second;
}

std::uint32_t FunctionState::capture(bool from_local, std::uint16_t index, const std::string& name) {
    for (std::size_t i = 0; i < function.captures.size(); ++i) {
        const script::Capture& known = function.captures[i];
        // A slot may have held another variable before.
        if (known.from_local == from_local && known.index == index && function.capture_names[i] == name) {
            return static_cast<std::uint32_t>(i);
        }
    }
    function.captures.push_back({from_local, index});
    function.capture_names.push_back(name);
    return static_cast<std::uint32_t>(function.captures.size() - 1);
}

std::vector<std::string> FunctionState::names() const {
    std::vector<std::string> all;
    for (const Scope& scope : scopes_) {
        for (const auto& [name, variable] : scope.names) all.push_back(name);
    }
    return all;
}

void FunctionState::finish(const std::vector<script::Function>& functions,
                           const std::vector<script::ClassInfo>& classes) {
    std::set<std::uint16_t> shared;
    auto note = [&shared](const script::Function& made) {
        for (const script::Capture& capture : made.captures) {
            if (capture.from_local) shared.insert(capture.index);
        }
    };
    for (const script::Instruction& in : function.code) {
        if (in.op == Op::kClosure) note(functions[in.b]);
        if (in.op != Op::kMakeClass) continue;
        for (const auto& [name, method] : classes[in.b].methods) note(functions[method]);
        if (classes[in.b].fields != script::kNone) note(functions[classes[in.b].fields]);
    }
    // new_place[i]: where instruction i goes; a jump to one that is dropped goes to the next that stays.
    std::vector<std::uint32_t> new_place;
    std::uint32_t kept = 0;
    auto drops = [&](const script::Instruction& in) { return in.op == Op::kCloseLocal && !shared.contains(in.a); };
    for (const script::Instruction& in : function.code) {
        new_place.push_back(kept);
        if (!drops(in)) ++kept;
    }
    new_place.push_back(kept);
    std::vector<script::Instruction> code;
    std::vector<Span> spans;
    for (std::size_t i = 0; i < function.code.size(); ++i) {
        script::Instruction in = function.code[i];
        if (drops(in)) continue;
        if (script::is_jump(in.op)) in.b = new_place[in.b];
        code.push_back(in);
        spans.push_back(function.spans[i]);
    }
    for (script::Handler& handler : function.handlers) {
        handler = {new_place[handler.begin], new_place[handler.end], new_place[handler.target], handler.depth};
    }
    for (script::Statement& statement : function.statements) {
        statement = {new_place[statement.begin], new_place[statement.end]};
    }
    std::erase_if(function.statements, [](const script::Statement& one) { return one.begin == one.end; });
    std::erase_if(function.handlers, [](const script::Handler& handler) { return handler.begin == handler.end; });
    function.code = std::move(code);
    function.spans = std::move(spans);
    function.local_count = static_cast<std::uint16_t>(slot_count_);
    function.local_names.resize(slot_count_);
}

}  // namespace nyx::lower
