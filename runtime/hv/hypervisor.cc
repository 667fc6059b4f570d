#include "runtime/hv/hypervisor.h"

namespace nyx::hv {

static tl::unexpected<Error> no_saved_chips() {
    return fail(ErrorCode::kUnsupported, "this hypervisor does not give out the state of its interrupt controllers");
}

Result<std::vector<dev::StateUnit>> Vm::save_chips() const {
    return no_saved_chips();
}

Status Vm::restore_chips(std::span<const dev::StateUnit>) {
    return no_saved_chips();
}

}  // namespace nyx::hv
