#include "runtime/machine/level_inputs.h"

#include <algorithm>

#include "runtime/base/log.h"

namespace nyx::vm {

void LevelInputs::attach(hv::Vm& vm) {
    hv::ExitFree* paths = vm.exit_free();
    if (paths == nullptr) return log_warning("interrupts are set by calls: the guest does not run on KVM");
    for (const std::uint32_t gsi : inputs_.driven()) {
        if (gsi < kIsaLines) continue;
        const Status added = add(*paths, gsi);
        if (!added) log_warning("interrupt input {} is set by calls: {}", gsi, added.error().text());
    }
}

Status LevelInputs::add(hv::ExitFree& paths, std::uint32_t gsi) {
    auto input = std::make_unique<Input>();
    input->gsi = gsi;
    NYX_ASSIGN(input->raise, EventFd::create());
    NYX_ASSIGN(input->ended, EventFd::create());
    NYX_TRY(loop_.add(input->ended.get(), [this, &input = *input] { input.guest_ended(inputs_); }));
    const Status added = paths.add_level_input(gsi, input->raise.get(), input->ended.get());
    if (!added) {
        loop_.remove(input->ended.get());
        return added;
    }
    attached_.push_back(std::move(input));
    return {};
}

void LevelInputs::detach() {
    for (const auto& input : attached_) loop_.remove(input->ended.get());
    attached_.clear();
}

bool LevelInputs::set(std::uint32_t gsi, bool asserted) const {
    const auto found = std::ranges::find(attached_, gsi, [](const auto& input) { return input->gsi; });
    if (found == attached_.end()) return false;
    if (asserted) (*found)->assert_level();
    return true;
}

// KVM raises it some time after this, and lowers it at the end of the interrupt: to raise it again before that is known
// would be an interrupt too many, where the end comes first.
void LevelInputs::Input::assert_level() {
    std::lock_guard lock(mutex);
    if (ended.take() > 0) is_raised = false;
    if (is_raised) return;
    is_raised = true;
    raise.add_one();
}

// The inputs' lock comes first.
void LevelInputs::Input::guest_ended(const IrqInputs& inputs) {
    {
        std::lock_guard lock(mutex);
        if (ended.take() == 0) return;
        is_raised = false;
    }
    inputs.repeat(gsi);
}

}  // namespace nyx::vm
