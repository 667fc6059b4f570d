#include "devices/virtio/transport.h"

#include <algorithm>
#include <utility>

#include "devices/programs/programs.h"
#include "runtime/base/bits.h"
#include "runtime/base/check.h"
#include "runtime/base/log.h"

namespace nyx::dev::virtio {
namespace {

// The description with this model's numbers for its settings.
std::unique_ptr<const ir::Program> program_of(const Model& model) {
    const ir::Program* described = programs::find_part("virtio_transport");
    NYX_CHECK(described != nullptr && described->banks.size() == 4, "the description of virtio");
    auto own = std::make_unique<ir::Program>(*described);
    const std::pair<std::string_view, std::uint64_t> values[] = {
        {"device_id", static_cast<std::uint64_t>(model.id())},
        {"queues", model.queue_sizes().size()},
        {"queue_size_max", model.queue_sizes().front()},
        {"features", model.features() | kFVersion1 | kFIndirectDesc | kFEventIdx}};
    for (const auto& [name, value] : values) {
        auto setting = std::ranges::find(own->settings, name, &ir::Setting::name);
        NYX_CHECK(setting != own->settings.end(), "setting {}", name);
        setting->value = value;
    }
    return own;
}

// The index of what is called so.
template <class Items>
std::uint32_t index_of(const Items& items, std::string_view name) {
    for (std::uint32_t i = 0; i < items.size(); ++i)
        if (items[i].name == name) return i;
    NYX_CHECK(false, "the description of virtio has no {}", name);
}

}  // namespace

Transport::Transport(std::unique_ptr<Model> model, const Environment& environment, IrqLine& line, Message message)
    : model_(std::move(model)),
      dma_(environment.memory),
      message_(std::move(message)),
      line_{&line},
      program_(program_of(*model_)) {
    const auto state = [this](std::string_view name) { return index_of(program_->state, name); };
    const auto source = [this](std::string_view name) { return index_of(program_->sources, name); };
    known_ = {
        state("status"),          state("driver_features"), state("size"),    state("descriptors"), state("available"),
        state("used_ring"),       state("enabled"),         state("stopped"), source("refused"),    source("used"),
        source("config_changed"), source("broken"),         source("msix")};
    constexpr std::string_view kWishes[] = {"queue_enabled", "queue_stopped", "driver_ready", "was_reset", "msi"};
    wishes_.resize(program_->sinks.size());
    for (std::uint32_t i = 0; i < std::size(kWishes); ++i) wishes_[index_of(program_->sinks, kWishes[i])] = i;
    for (std::uint32_t n = 0; n < kMostQueues; ++n)
        wishes_[index_of(program_->sinks, fmt::format("notified{}", n))] = kNotified + n;
    for (std::uint16_t size : model_->queue_sizes()) queues_.emplace_back(size, *dma_);
    NYX_CHECK(queues_.size() <= kMostQueues, "{} queues", queues_.size());
    Environment of_registers = environment;
    of_registers.lines = line_;
    auto made = described::Described::create(*program_, of_registers, this);
    NYX_CHECK(made, "the description of virtio");
    registers_ = std::move(*made);
    for (std::uint32_t i = 0; i < program_->registers.size(); ++i) of_bank_[program_->registers[i].bank].push_back(i);
    model_->attach(*this);
}

Transport::~Transport() = default;

std::uint64_t Transport::read(Bank bank, std::uint64_t offset, unsigned width) {
    const auto number = static_cast<std::uint32_t>(bank);
    if (offset + width > program_->banks[number].size) return 0;
    const std::uint64_t value = registers_->read({number, offset, static_cast<std::uint8_t>(width)});
    return value & width_mask(width);
}

void Transport::write(Bank bank, std::uint64_t offset, unsigned width, std::uint64_t value) {
    const auto number = static_cast<std::uint32_t>(bank);
    if (offset + width > program_->banks[number].size) return;
    registers_->write({number, offset, static_cast<std::uint8_t>(width)}, value);
    answer();
}

void Transport::set_msix(bool enabled) {
    registers_->signal(known_.msix, enabled ? 1 : 0);
}

// Inside an operation of the description, which nothing here may enter again: messages leave, the rest waits.
void Transport::take(std::uint32_t sink, std::uint64_t value) {
    if (wishes_[sink] != kMessage)
        asked_.push_back({wishes_[sink], value});
    else if (message_)
        message_(static_cast<std::uint16_t>(value));
}

void Transport::answer() {
    for (const Asked& one : std::exchange(asked_, {})) answer(one);
}

void Transport::answer(const Asked& asked) {
    const auto queue = static_cast<std::uint16_t>(asked.value);
    switch (asked.wish) {
        case kEnabled:
            if (Status enabled = enable(queue, queues_[queue]); !enabled) refuse(queue, enabled.error().message);
            return;
        case kStopped:
            model_->settle();  // nothing is written to its buffers any more
            return queues_[queue].disable();
        case kReady:
            return start();
        case kReset:
            model_->stop();
            for (Queue& one : queues_) one.reset();
            return;
        default:
            if (runs()) model_->notified(static_cast<std::uint16_t>(asked.wish - kNotified));
    }
}

void Transport::refuse(std::uint16_t queue, std::string_view why) {
    registers_->signal(known_.refused, queue);
    needs_reset(why);
}

// What was made available before DRIVER_OK has had no notification.
void Transport::start() {
    for (std::size_t i = 0; i < queues_.size(); ++i)
        if (runs()) model_->notified(static_cast<std::uint16_t>(i));
}

// As the registers have it.
Status Transport::enable(std::uint16_t queue, Queue& to) const {
    QueueState& config = to.config();
    const auto size = static_cast<std::uint16_t>(registers_->value(known_.size, queue));
    config.size = size != 0 ? size : to.max_size();
    config.descriptors = registers_->value(known_.descriptors, queue);
    config.driver = registers_->value(known_.available, queue);
    config.device = registers_->value(known_.used_ring, queue);
    return to.enable(driver_features());
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
    if (runs() && queues_[queue].wants_interrupt()) registers_->signal(known_.used, queue);
}

void Transport::config_changed() {
    registers_->signal(known_.config_changed, 0);
}

void Transport::needs_reset(std::string_view why) {
    if ((status() & kDeviceNeedsReset) != 0) return;
    log_info("a virtio driver of the guest broke a rule and has to reset its device: {}", why);
    registers_->signal(known_.broken, 0);
}

void Transport::reset() {
    model_->stop();
    for (Queue& queue : queues_) queue.reset();
    registers_->reset();
}

}  // namespace nyx::dev::virtio
