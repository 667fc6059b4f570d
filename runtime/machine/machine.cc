#include "runtime/machine/machine.h"

#include <sys/random.h>

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/base/log.h"
#include "runtime/machine/worker.h"

namespace nyx::vm {
namespace {

// Pieces of at most 256 bytes come whole (getrandom(2)).
void fill_random(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        std::size_t part = std::min<std::size_t>(bytes.size(), 256);
        NYX_CHECK(::getrandom(bytes.data(), part, 0) == static_cast<ssize_t>(part), "getrandom");
        bytes = bytes.subspan(part);
    }
}

void log_irq_error(const Status& done) {
    if (!done) log_warning("{}", done.error().text());
}

}  // namespace

Machine::Machine(const hv::Hypervisor& hypervisor, EventLoop& loop, Blueprint blueprint, const Options& options)
    : hypervisor_(hypervisor),
      loop_(loop),
      blueprint_(std::move(blueprint)),
      options_(options),
      timers_([this] {
          if (turns_) return turns_->end_slice();
          loop_.wake();
      }),
      requests_([this] {
          close_gate();
          loop_.wake();
      }),
      turns_(make_turns()),
      clock_(turns_ ? static_cast<MachineClock&>(*turns_) : host_clock_),
      irqs_([this](std::uint32_t gsi, bool asserted) {
          // Before the first power-on there is nobody to tell; power_on() does.
          if (processors_ && !level_inputs_.set(gsi, asserted)) log_irq_error(processors_->vm->set_irq(gsi, asserted));
      }),
      level_inputs_(loop, irqs_),
      dma_(memory_.guest, [this](Range range) {
          if (processors_) processors_->vm->wrote(range);
      }) {}

Result<std::unique_ptr<Machine>> Machine::create(const hv::Hypervisor& hypervisor, EventLoop& loop, Blueprint blueprint,
                                                 const Options& options) {
    std::unique_ptr<Machine> machine(new Machine(hypervisor, loop, std::move(blueprint), options));
    NYX_TRY(machine->build());
    NYX_TRY(machine->power_on());
    return machine;
}

Machine::~Machine() {
    stop();
}

Status Machine::build() {
    NYX_ASSIGN(memory_, Memory::create(blueprint_, options_.huge_pages));
    NYX_ASSIGN(devices_, DeviceSet::create(blueprint_, services()));
    exit_free_ = std::make_unique<ExitFreeServer>(*devices_, loop_);
    for (std::uint32_t i = 0; i < plan().cpu.count; ++i)
        workers_.push_back(std::make_unique<Worker>(devices_->space(), devices_->counters(), *exit_free_));
    return {};
}

DeviceSet::Services Machine::services() {
    auto random = [this](std::span<std::uint8_t> bytes) {
        if (!turns_) return fill_random(bytes);
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(turns_->random());
    };
    auto replace_timers = [this](const dev::TimerLines& lines) { this->replace_timers(lines); };
    return {irqs_, replace_timers, clock_, timers_, requests_, dma_, loop_, messages_, random};
}

// The 8254 is the hypervisor's: it loses its input before another has it, and gets it back after.
void Machine::replace_timers(const dev::TimerLines& lines) {
    const bool changes = lines.are_replaced != timers_replaced_;
    timers_replaced_ = lines.are_replaced;
    if (changes && lines.are_replaced) connect_timer();
    irqs_.replace(IrqInputs::kTimer, lines.are_replaced ? std::optional(lines.timer) : std::nullopt);
    irqs_.replace(IrqInputs::kClock, lines.are_replaced ? std::optional(lines.clock) : std::nullopt);
    if (changes && !lines.are_replaced) connect_timer();
}

void Machine::connect_timer() {
    if (processors_) log_irq_error(processors_->vm->connect_timer(!timers_replaced_));
}

void Machine::Messages::send(std::uint64_t address, std::uint32_t data) {
    if (machine.processors_) log_irq_error(machine.processors_->vm->send_message(address, data));
}

Status Machine::power_on() {
    std::optional<hv::CpuState> boot_state;
    if (blueprint_.load) {
        NYX_ASSIGN(boot_state, blueprint_.load(memory_.guest));
    }
    hv::VmServices services{clock_, timers_};
    if (turns_) services.random = [this] { return turns_->random(); };
    NYX_ASSIGN(processors_, Processors::create(hypervisor_, services, plan(), memory_));
    if (boot_state) NYX_TRY(processors_->vcpus.front()->set_state(*boot_state));
    if (turns_) NYX_TRY(hand_over_to_turns());
    if (options_.exit_free) NYX_TRY(exit_free_->attach(*processors_->vm));
    if (options_.irqfd) level_inputs_.attach(*processors_->vm);
    if (timers_replaced_) connect_timer();
    irqs_.resend();
    return {};
}

void Machine::start() {
    NYX_CHECK(state_ == State::kCreated, "start()");
    if (!turns_) start_threads();
    state_ = State::kRunning;
    halt_watch_.start(host_monotonic_ns());
    clock_.run();
    go_on();
}

void Machine::pause() {
    NYX_CHECK(state_ == State::kRunning, "pause()");
    stand_still();
    clock_.stop();
    state_ = State::kPaused;
}

void Machine::resume() {
    NYX_CHECK(state_ == State::kPaused, "resume()");
    state_ = State::kRunning;
    halt_watch_.start(host_monotonic_ns());
    clock_.run();
    if (!held_) go_on();
}

Status Machine::reset(std::string_view reason) {
    NYX_CHECK(state_ == State::kRunning || state_ == State::kPaused, "reset()");
    stand_still();
    tell_of_reset(reason);
    if (watcher_ != nullptr) watcher_->reset_by_host();
    return start_again();
}

Status Machine::start_again() {
    stand_still();
    requests_.forget_guest();
    held_.reset();
    keep_counters();
    exit_free_->settle();
    exit_free_->detach();
    level_inputs_.detach();
    devices_->reset();
    Status done = memory_.ram.clear();
    if (done) {
        // The hypervisor's old side goes first: two at once would need twice the page tables.
        processors_.reset();
        done = power_on();
    }
    if (!done) {
        stop();
        return done;
    }
    ++resets_;
    if (state_ == State::kRunning) {
        halt_watch_.start(host_monotonic_ns());
        go_on();
    }
    return {};
}

void Machine::stop() {
    if (state_ == State::kStopped) return;
    bool has_threads = state_ != State::kCreated;
    if (has_threads) stand_still();
    clock_.stop();
    gate_.shut_down();
    for (auto& worker : workers_)
        if (worker->thread.joinable()) worker->thread.join();
    state_ = State::kStopped;
}

std::size_t Machine::give_input(DeviceSlot& slot, ByteView bytes) {
    std::size_t taken = 0;
    {
        exit_free_->apply_queued();
        DeviceGuard guard(slot);
        taken = slot.device->byte_receiver()->receive(bytes);
    }
    if (watcher_ != nullptr && taken > 0) watcher_->input_given(slot.name, bytes.first(taken));
    return taken;
}

bool Machine::press_power_button() {
    if (!devices_->press_power_button()) return false;
    if (watcher_ != nullptr) watcher_->power_button_pressed();
    return true;
}

void Machine::keep_counters() {
    for (const auto& vcpu : processors_->vcpus)
        for (const auto& [name, value] : vcpu->counters()) earlier_counters_[name] += value;
}

}  // namespace nyx::vm
