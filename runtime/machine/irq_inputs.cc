#include "runtime/machine/irq_inputs.h"

namespace nyx::vm {

class IrqInputs::Line final : public dev::IrqLine {
  public:
    Line(Input& input, const SetLevel& set_level) : input_(input), set_level_(set_level) {}

    void set(bool asserted) override {
        std::lock_guard lock(input_.mutex);
        if (asserted == asserted_) return;
        asserted_ = asserted;
        bool was = input_.asserted > 0;
        input_.asserted = asserted ? input_.asserted + 1 : input_.asserted - 1;
        bool is = input_.asserted > 0;
        if (is != was) set_level_(input_.gsi, is);
    }

  private:
    Input& input_;
    const SetLevel& set_level_;
    bool asserted_ = false;  // under input_.mutex
};

dev::IrqLine& IrqInputs::line(std::uint32_t gsi) {
    std::unique_ptr<Input>& input = inputs_[gsi];
    if (!input) {
        input = std::make_unique<Input>();
        input->gsi = gsi;
    }
    lines_.push_back(std::make_unique<Line>(*input, set_level_));
    return *lines_.back();
}

void IrqInputs::resend() const {
    for (const auto& [gsi, input] : inputs_)
        if (input->asserted > 0) set_level_(gsi, true);
}

bool IrqInputs::is_asserted(std::uint32_t gsi) const {
    auto found = inputs_.find(gsi);
    if (found == inputs_.end()) return false;
    std::lock_guard lock(found->second->mutex);
    return found->second->asserted > 0;
}

}  // namespace nyx::vm
