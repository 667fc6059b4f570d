#include "runtime/machine/irq_inputs.h"

namespace nyx::vm {

class IrqInputs::Line final : public dev::IrqLine {
  public:
    Line(Input& input, const SetLevel& set_level) : input_(input), set_level_(set_level) {}

    void set(bool asserted) override {
        std::lock_guard lock(input_.mutex);
        if (asserted == asserted_) return;
        asserted_ = asserted;
        const bool was = input_.level();
        input_.asserted = asserted ? input_.asserted + 1 : input_.asserted - 1;
        if (input_.level() != was) set_level_(input_.gsi, !was);
    }

  private:
    Input& input_;
    const SetLevel& set_level_;
    bool asserted_ = false;  // under input_.mutex
};

IrqInputs::IrqInputs(SetLevel set_level) : set_level_(std::move(set_level)) {
    input(kTimer);
    input(kClock);
}

IrqInputs::Input& IrqInputs::input(std::uint32_t gsi) {
    std::unique_ptr<Input>& input = inputs_[gsi];
    if (!input) {
        input = std::make_unique<Input>();
        input->gsi = gsi;
    }
    return *input;
}

dev::IrqLine& IrqInputs::line(std::uint32_t gsi) {
    lines_.push_back(std::make_unique<Line>(input(gsi), set_level_));
    return *lines_.back();
}

void IrqInputs::replace(std::uint32_t gsi, std::optional<bool> level) {
    Input& input = *inputs_.at(gsi);
    std::lock_guard lock(input.mutex);
    const bool was = input.level();
    input.replaced = level;
    if (input.level() != was) set_level_(gsi, !was);
}

void IrqInputs::resend() const {
    for (const auto& [gsi, input] : inputs_)
        if (input->level()) set_level_(gsi, true);
}

void IrqInputs::repeat(std::uint32_t gsi) const {
    const Input& input = *inputs_.at(gsi);
    std::lock_guard lock(input.mutex);
    if (input.level()) set_level_(gsi, true);
}

std::vector<std::uint32_t> IrqInputs::driven() const {
    std::vector<std::uint32_t> all;
    for (const auto& [gsi, input] : inputs_) all.push_back(gsi);
    return all;
}

bool IrqInputs::is_asserted(std::uint32_t gsi) const {
    auto found = inputs_.find(gsi);
    if (found == inputs_.end()) return false;
    std::lock_guard lock(found->second->mutex);
    return found->second->level();
}

}  // namespace nyx::vm
