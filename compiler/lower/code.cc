// Instructions, constants and tables.
#include <algorithm>

#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using namespace script;

std::size_t Lowerer::emit(Op op, Span span, std::uint32_t b, std::uint16_t a) {
    fn_->code.code.push_back({op, a, b});
    fn_->code.spans.push_back(span);
    return fn_->code.code.size() - 1;
}

void Lowerer::land(std::size_t jump) { fn_->code.code[jump].b = here(); }

std::uint32_t Lowerer::string(const std::string& text) {
    auto [found, is_new] = strings_.try_emplace(text, 0);
    if (is_new) {
        Constant value;
        value.type = Type::kString;
        value.text = text;
        found->second = constant(std::move(value));
    }
    return found->second;
}

std::uint32_t Lowerer::constant(Constant value) {
    program_.constants.push_back(std::move(value));
    return static_cast<std::uint32_t>(program_.constants.size() - 1);
}

std::uint32_t Lowerer::native(const std::string& name) {
    auto found = std::find(program_.natives.begin(), program_.natives.end(), name);
    auto index = static_cast<std::uint32_t>(found - program_.natives.begin());
    if (found == program_.natives.end()) program_.natives.push_back(name);
    return index;
}

std::uint32_t Lowerer::call_site(CallSite site) {
    program_.call_sites.push_back(std::move(site));
    return static_cast<std::uint32_t>(program_.call_sites.size() - 1);
}

void Lowerer::integer(std::int64_t value, Span span) {
    if (value >= INT32_MIN && value <= INT32_MAX) {
        emit(Op::kInt, span, static_cast<std::uint32_t>(static_cast<std::int32_t>(value)));
        return;
    }
    Constant large;
    large.type = Type::kInt;
    large.integer = value;
    emit(Op::kConst, span, constant(large));
}

diagnostics::Diagnostic& Lowerer::error(diagnostics::Code code, Span span, std::string message) {
    return sink_.report(code, span, std::move(message));
}

}  // namespace nyx::lower
