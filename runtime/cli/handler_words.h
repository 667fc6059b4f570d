// What only handlers can say: `log.warn(…)` and `recover reset`.
#pragma once

#include <optional>
#include <string>

#include "runtime/machine/events.h"
#include "runtime/script/interpreter.h"

namespace nyx::cli {

// Lives in an interpreter's heap; pin it.
class HandlerWords final : public script::HostObject {
  public:
    explicit HandlerWords(std::string machine) : machine_(std::move(machine)) {}

    std::string_view type_name() const override { return "log"; }
    script::NativeResult member(script::Interpreter& interpreter, std::string_view name) override;
    void trace(script::Marker&) const override {}

    // By the name that the compiler gives them, "log()" and "recover()"; nothing: it is none of them.
    std::optional<script::Value> word(script::Interpreter& interpreter, std::string_view name);
    // "warning": a line on stderr. Text of a guest may be in it.
    void write_line(std::string_view level, std::string_view text) const;

    // What handlers asked for since it was last taken.
    vm::Recovery take_wish() { return std::exchange(wish_, vm::Recovery::kNone); }
    void wish(vm::Recovery recovery) { wish_ = recovery; }

  private:
    const std::string machine_;
    vm::Recovery wish_ = vm::Recovery::kNone;
};

}  // namespace nyx::cli
