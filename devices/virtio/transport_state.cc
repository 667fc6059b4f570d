// The transport as saved state: the description's fields by their ids, and of queue q, from 100 (q + 1), how far the
// device has come in it.
#include "devices/virtio/transport.h"
#include "runtime/base/check.h"

namespace nyx::dev::virtio {
namespace {

template <class Io, class State>
void queue_fields(Io& io, std::size_t queue, State& state) {
    const auto first = static_cast<std::uint32_t>(100 * (queue + 1));
    io.field(first, state.next_available);
    io.field(first + 1, state.next_used);
    io.field(first + 2, state.signalled_used);
}

}  // namespace

void Transport::save(StateWriter& state) const {
    registers_->save(state);
    for (std::size_t i = 0; i < queues_.size(); ++i) queue_fields(state, i, queues_[i].state());
}

// As the registers have them, at the places that the state has. Rings are looked at again: it may come from a file.
Result<std::vector<Queue>> Transport::restored_queues(StateReader& state) {
    std::vector<Queue> queues;
    for (std::size_t i = 0; i < queues_.size(); ++i)
        queue_fields(state, i, queues.emplace_back(queues_[i].max_size(), *dma_).config());
    NYX_TRY(registers_->restore(state));
    for (std::size_t i = 0; i < queues.size(); ++i)
        if (registers_->value(known_.enabled, i) != 0 && registers_->value(known_.stopped, i) == 0)
            NYX_TRY(enable(static_cast<std::uint16_t>(i), queues[i]));
    return queues;
}

Status Transport::restore(StateReader& state) {
    StateWriter writer;
    registers_->save(writer);
    auto queues = restored_queues(state);
    if (!queues) {
        const std::vector<StateField> before = writer.take();
        StateReader back(before);
        NYX_CHECK(registers_->restore(back), "the state that was there");
        return fail(std::move(queues).error());
    }
    model_->stop();
    queues_ = std::move(*queues);
    return {};
}

}  // namespace nyx::dev::virtio
