#include "devices/virtio/transport.h"

#include <utility>

#include "runtime/base/log.h"

namespace nyx::dev::virtio {
namespace {

constexpr QueueState kNoQueue{};

std::uint32_t window_of(std::uint64_t features, std::uint32_t window) {
    return window < 2 ? static_cast<std::uint32_t>(features >> (32 * window)) : 0;
}

}  // namespace

Transport::Transport(std::unique_ptr<Model> model, const GuestDma& dma, Interrupt interrupt)
    : model_(std::move(model)), dma_(&dma), interrupt_(std::move(interrupt)) {
    for (std::uint16_t size : model_->queue_sizes()) queues_.emplace_back(size, dma);
    model_->attach(*this);
}

std::uint64_t Transport::offered() const {
    return model_->features() | kFVersion1 | kFIndirectDesc | kFEventIdx;
}

std::uint32_t Transport::device_features() const {
    return window_of(offered(), state_.device_features_select);
}

std::uint32_t Transport::driver_features() const {
    return window_of(state_.driver_features, state_.driver_features_select);
}

void Transport::set_driver_features(std::uint32_t bits) {
    if ((state_.status & kFeaturesOk) != 0 || state_.driver_features_select >= 2) return;
    const unsigned shift = 32 * state_.driver_features_select;
    state_.driver_features &= ~(std::uint64_t{0xFFFFFFFF} << shift);
    state_.driver_features |= std::uint64_t{bits} << shift;
}

// A driver only adds bits (§2.1.1); 0 resets.
void Transport::set_status(std::uint8_t status) {
    if (status == 0) return reset();
    constexpr std::uint8_t kDrivers = kAcknowledge | kDriver | kFeaturesOk | kDriverOk | kFailed;
    const std::uint8_t before = state_.status;
    std::uint8_t after = before | (status & kDrivers);
    // §2.2.2: what was not offered is refused, and so is a driver of before 1.0.
    const bool acceptable = (state_.driver_features & ~offered()) == 0 && has(kFVersion1);
    if ((before & kFeaturesOk) == 0 && !acceptable) after &= static_cast<std::uint8_t>(~kFeaturesOk);
    if ((after & kFeaturesOk) == 0) after &= static_cast<std::uint8_t>(~kDriverOk);
    state_.status = after;
    if ((before & kDriverOk) == 0 && runs()) start();
}

// What was made available before DRIVER_OK has had no notification.
void Transport::start() {
    for (std::size_t i = 0; i < queues_.size(); ++i) notify(static_cast<std::uint32_t>(i));
}

Queue* Transport::selected() {
    return state_.queue_select < queues_.size() ? &queues_[state_.queue_select] : nullptr;
}

const Queue* Transport::selected() const {
    return state_.queue_select < queues_.size() ? &queues_[state_.queue_select] : nullptr;
}

std::uint16_t Transport::max_queue_size() const {
    const Queue* queue = selected();
    return queue != nullptr ? queue->max_size() : std::uint16_t{0};
}

const QueueState& Transport::queue_state() const {
    const Queue* queue = selected();
    return queue != nullptr ? queue->state() : kNoQueue;
}

void Transport::set_queue_size(std::uint16_t size) {
    Queue* queue = selected();
    if (queue != nullptr && configurable() && !queue->state().ready) queue->config().size = size;
}

void Transport::set_queue_address(Part part, bool high, std::uint32_t bits) {
    Queue* queue = selected();
    if (queue == nullptr || !configurable() || queue->state().ready) return;
    QueueState& config = queue->config();
    std::uint64_t& address = part == Part::kDescriptorArea ? config.descriptors
                             : part == Part::kDriverArea   ? config.driver
                                                           : config.device;
    address = high ? (address & 0xFFFFFFFF) | std::uint64_t{bits} << 32 : (address & ~std::uint64_t{0xFFFFFFFF}) | bits;
}

void Transport::set_queue_ready(bool ready) {
    Queue* queue = selected();
    if (queue == nullptr || ready == queue->state().ready) return;
    if (!ready) {
        model_->settle();  // nothing is written to its buffers any more
        return queue->disable();
    }
    if (!configurable()) return;
    if (Status enabled = queue->enable(state_.driver_features); !enabled) needs_reset(enabled.error().message);
}

std::uint16_t Transport::vectors_of(const Model& model) {
    return static_cast<std::uint16_t>(model.queue_sizes().size() + 1);
}

// §4.1.5.1.2.1: the driver reads back whether it has the vector.
std::uint16_t Transport::checked_vector(std::uint16_t vector) const {
    return vector < vectors_of(*model_) ? vector : kNoVector;
}

void Transport::set_queue_vector(std::uint16_t vector) {
    if (Queue* queue = selected()) queue->config().vector = checked_vector(vector);
}

void Transport::notify(std::uint32_t queue) {
    if (runs() && queue < queues_.size()) model_->notified(static_cast<std::uint16_t>(queue));
}

void Transport::acknowledge(std::uint8_t bits) {
    state_.isr &= static_cast<std::uint8_t>(~bits);
    interrupt_(kNothing);
}

const ConfigField* Transport::field_at(std::uint64_t offset) const {
    for (const ConfigField& field : model_->config_fields())
        if (offset >= field.offset && offset - field.offset < field.width) return &field;
    return nullptr;
}

std::uint64_t Transport::read_config(std::uint64_t offset, unsigned width) const {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i)
        if (field_at(offset + i) != nullptr)
            value |= std::uint64_t{model_->read_config(static_cast<std::uint32_t>(offset + i))} << (8 * i);
    return value;
}

void Transport::write_config(std::uint64_t offset, unsigned width, std::uint64_t value) {
    for (unsigned i = 0; i < width; ++i) {
        const ConfigField* field = field_at(offset + i);
        if (field != nullptr && field->writable)
            model_->write_config(static_cast<std::uint32_t>(offset + i), static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

std::optional<Chain> Transport::take(std::uint16_t queue) {
    if (!runs()) return std::nullopt;
    std::optional<Chain> chain = queues_[queue].take();
    if (!chain && !queues_[queue].fault().empty()) needs_reset(queues_[queue].fault());
    return chain;
}

void Transport::give_back(std::uint16_t queue, const Chain& chain, std::uint32_t written) {
    queues_[queue].give_back(chain, written);
}

void Transport::signal(std::uint16_t queue) {
    if (!runs() || !queues_[queue].wants_interrupt()) return;
    state_.isr |= kIsrQueue;
    interrupt_(queue);
}

void Transport::config_changed() {
    ++state_.generation;
    if ((state_.status & kDriverOk) == 0) return;
    state_.isr |= kIsrConfig;
    interrupt_(kConfigChanged);
}

void Transport::needs_reset(std::string_view why) {
    if ((state_.status & kDeviceNeedsReset) != 0) return;
    log_info("a virtio driver of the guest broke a rule and has to reset its device: {}", why);
    state_.status |= kDeviceNeedsReset;
    config_changed();
}

void Transport::reset() {
    model_->stop();
    state_ = {};
    for (Queue& queue : queues_) queue.reset();
    interrupt_(kNothing);
}

}  // namespace nyx::dev::virtio
