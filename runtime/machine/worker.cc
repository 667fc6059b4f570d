#include "runtime/machine/worker.h"

namespace nyx::vm {
namespace {

// Does what an exit asks for. True: done, the guest goes on.
struct ServeExit {
    const AddressSpace& space;
    AddressSpace::Accessor& accessor;

    bool operator()(const hv::IoExit& io) const {
        for (std::uint32_t i = 0; i < io.count; ++i) {
            auto item = io.data.subspan(std::size_t{i} * io.width, io.width);
            if (io.is_write)
                space.write(Space::kPio, io.port, item, accessor);
            else
                space.read(Space::kPio, io.port, item, accessor);
        }
        return true;
    }
    bool operator()(const hv::MmioExit& mmio) const {
        if (mmio.is_write)
            space.write(Space::kMmio, mmio.address, mmio.data, accessor);
        else
            space.read(Space::kMmio, mmio.address, mmio.data, accessor);
        return true;
    }
    // An MSR that nobody has: #GP, as on hardware.
    bool operator()(const hv::MsrExit& msr) const {
        *msr.error = 1;
        return true;
    }
    bool operator()(const hv::HypercallExit& call) const {
        *call.result = static_cast<std::uint64_t>(-1000);  // KVM_ENOSYS (Documentation/virt/kvm/x86/hypercalls.rst)
        return true;
    }
    template <class Other>
    bool operator()(const Other&) const {
        return false;
    }
};

}  // namespace

bool ExitToDevices::serve(hv::Exit& exit) {
    // Interruptions are the host's own doing, and depend on chance.
    if (!std::holds_alternative<hv::InterruptedExit>(exit)) counters_.count_exit(exit);
    exit_free_.apply_queued(accessor_.vcpu);
    const bool goes_on = std::visit(ServeExit{space_, accessor_}, exit);
    if (const auto* io = std::get_if<hv::IoExit>(&exit); io != nullptr && io->is_write)
        exit_free_.wrote(Space::kPio, {io->port, io->width}, accessor_.vcpu);
    if (const auto* mmio = std::get_if<hv::MmioExit>(&exit); mmio != nullptr && mmio->is_write)
        exit_free_.wrote(Space::kMmio, {mmio->address, mmio->data.size()}, accessor_.vcpu);
    return goes_on;
}

}  // namespace nyx::vm
