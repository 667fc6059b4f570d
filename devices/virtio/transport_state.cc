// The transport as saved state: fields 1 to 99 are its own, queue q has 100 (q + 1) and up.
#include "devices/virtio/transport.h"

namespace nyx::dev::virtio {
namespace {

template <class Io, class State>
void transport_fields(Io& io, State& state) {
    io.field(1, state.status);
    io.field(2, state.isr);
    io.field(3, state.generation);
    io.field(4, state.device_features_select);
    io.field(5, state.driver_features_select);
    io.field(6, state.queue_select);
    io.field(7, state.config_vector);
    io.field(8, state.driver_features);
}

template <class Io, class State>
void queue_fields(Io& io, std::uint32_t first, State& queue) {
    io.field(first, queue.size);
    io.field(first + 1, queue.ready);
    io.field(first + 2, queue.descriptors);
    io.field(first + 3, queue.driver);
    io.field(first + 4, queue.device);
    io.field(first + 5, queue.next_available);
    io.field(first + 6, queue.next_used);
    io.field(first + 7, queue.vector);
    io.field(first + 8, queue.signalled_used);
}

std::uint32_t first_id(std::size_t queue) {
    return static_cast<std::uint32_t>(100 * (queue + 1));
}

}  // namespace

void Transport::save(StateWriter& state) const {
    transport_fields(state, state_);
    for (std::size_t i = 0; i < queues_.size(); ++i) queue_fields(state, first_id(i), queues_[i].state());
}

// Rings are looked at again: saved state may come from a file.
Status Transport::restore(StateReader& reader) {
    TransportState state;
    std::vector<Queue> queues;
    transport_fields(reader, state);
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        Queue& queue = queues.emplace_back(queues_[i].max_size(), *dma_);
        queue_fields(reader, first_id(i), queue.config());
    }
    const std::uint64_t possible = offered();
    if ((state.status & kFeaturesOk) != 0 && (state.driver_features & ~possible) != 0)
        reader.refuse(8, "names features that this device has not");
    for (std::size_t i = 0; i < queues.size(); ++i) {
        if (!queues[i].state().ready) continue;
        if (Status enabled = queues[i].enable(state.driver_features); !enabled)
            reader.refuse(first_id(i), enabled.error().message);
    }
    NYX_TRY(reader.finish());
    model_->stop();
    state_ = state;
    queues_ = std::move(queues);
    interrupt_(kNothing);
    return {};
}

}  // namespace nyx::dev::virtio
