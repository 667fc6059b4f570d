#include "runtime/machine/turns.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/hv/hypervisor.h"

namespace nyx::vm {
namespace {

// Between two looks at the host.
constexpr unsigned kSlicesAtOnce = 64;

}  // namespace

Turns::Turns(const TurnOptions& options, dev::TimerQueue& timers, std::function<bool()> stop_wanted)
    : options_(options),
      timers_(timers),
      stop_wanted_(std::move(stop_wanted)),
      next_cold_(options.cold_every),
      random_(options.seed) {}

void Turns::use(std::vector<hv::CountedVcpu*> vcpus, std::vector<hv::ExitServer*> servers) {
    vcpus_ = std::move(vcpus);
    servers_ = std::move(servers);
    by_vcpu_.resize(vcpus_.size());
    current_ = 0;
    turn_left_ = options_.length;
    slice_open_ = false;
}

std::uint64_t Turns::instructions() const {
    return instructions_ + (running_ != nullptr ? running_->executed() - running_from_ : 0);
}

std::uint64_t Turns::monotonic_ns() const {
    return skipped_ns_ + instructions();
}

std::int64_t Turns::wall_ns() const {
    return options_.start_wall_ns + static_cast<std::int64_t>(monotonic_ns());
}

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
std::uint64_t Turns::random() {
    std::uint64_t z = random_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

void Turns::end_slice() {
    if (std::this_thread::get_id() != owner_) return;
    slice_ended_ = true;
    if (running_ != nullptr) running_->yield();
}

bool Turns::is_idle() const {
    return std::ranges::none_of(vcpus_, [](const hv::CountedVcpu* vcpu) { return vcpu->can_run(); });
}

Turns::Pause Turns::run(const Goal& goal) {
    for (unsigned slices = 0; slices < kSlicesAtOnce; ++slices) {
        if (instructions_ >= goal.instructions) return Pause::kGoal;
        if (!slice_open_) {
            if (boundary_ >= goal.boundary) return Pause::kGoal;
            if (is_cold_due()) {
                go_cold();
                return Pause::kCold;
            }
            if (timers_.next_deadline().value_or(kNever) <= monotonic_ns()) {
                close_slice();  // of nothing but a timer that was armed too late
                continue;
            }
            if (!begin_slice()) return Pause::kIdle;
        }
        run_slice(goal.instructions - instructions_);
        if (exit_) return Pause::kExit;
        if (stop_wanted_()) return Pause::kStop;
    }
    return Pause::kSlices;
}

bool Turns::begin_slice() {
    if (!choose()) return false;
    slice_open_ = true;
    slice_ended_ = false;
    slice_left_ = longest_slice();
    return true;
}

// Whose turn it is. False: nobody's.
bool Turns::choose() {
    if (turn_left_ > 0 && vcpus_[current_]->can_run()) return true;
    const auto count = static_cast<std::uint32_t>(vcpus_.size());
    for (std::uint32_t i = 1; i <= count; ++i) {
        std::uint32_t next = (current_ + i) % count;
        if (!vcpus_[next]->can_run()) continue;
        current_ = next;
        turn_left_ = options_.length;
        return true;
    }
    return false;
}

std::uint64_t Turns::longest_slice() const {
    std::uint64_t slice = std::min(turn_left_, next_cold_ - instructions_);
    if (auto timer = timers_.next_deadline()) slice = std::min(slice, *timer - monotonic_ns());
    return slice;
}

void Turns::run_slice(std::uint64_t limit) {
    running_ = vcpus_[current_];
    running_from_ = running_->executed();
    exit_ = running_->run_for(*servers_[current_], std::min(slice_left_, limit));
    const std::uint64_t done = running_->executed() - running_from_;
    running_ = nullptr;
    instructions_ += done;
    by_vcpu_[current_] += done;
    turn_left_ -= done;
    slice_left_ -= done;
    if (exit_ || slice_ended_ || slice_left_ == 0 || !vcpus_[current_]->can_run()) close_slice();
}

void Turns::close_slice() {
    slice_open_ = false;
    ++boundary_;
    timers_.run_due(monotonic_ns());
}

bool Turns::jump() {
    auto timer = timers_.next_deadline();
    if (!timer) return false;
    std::uint64_t now = monotonic_ns();
    if (*timer > now) skipped_ns_ += *timer - now;
    close_slice();
    return true;
}

void Turns::go_cold() {
    next_cold_ += options_.cold_every;
    for (hv::CountedVcpu* vcpu : vcpus_) vcpu->forget_derived();
}

namespace {

template <class Io, class S>
void fields(Io& io, S& s) {
    io.field(1, s.boundary);
    io.field(2, s.instructions);
    io.field(3, s.skipped_ns);
    io.field(4, s.next_cold);
    io.field(5, s.random);
    io.field(6, s.current);
    io.field(7, s.turn_left);
    for (std::uint32_t i = 0; i < s.by_vcpu.size(); ++i) io.field(16 + i, s.by_vcpu[i]);
}

struct Saved {
    std::uint64_t boundary = 0, instructions = 0, skipped_ns = 0, next_cold = 0, random = 0;
    std::uint32_t current = 0;
    std::uint64_t turn_left = 0;
    std::vector<std::uint64_t> by_vcpu;
};

}  // namespace

dev::StateUnit Turns::save() const {
    NYX_CHECK(!slice_open_, "save() inside a slice");
    const Saved saved{boundary_, instructions_, skipped_ns_, next_cold_, random_, current_, turn_left_, by_vcpu_};
    dev::StateWriter writer;
    fields(writer, saved);
    return {"turns", "turns", 1, writer.take()};
}

Status Turns::restore(const dev::StateUnit& unit) {
    Saved saved;
    saved.by_vcpu.resize(vcpus_.size());
    dev::StateReader reader(unit.fields);
    fields(reader, saved);
    NYX_TRY(reader.finish());
    if (saved.current >= vcpus_.size() || saved.turn_left > options_.length || saved.next_cold <= saved.instructions)
        return fail(ErrorCode::kCorrupt, "saved state: no machine can be at that point of a run");
    boundary_ = saved.boundary;
    instructions_ = saved.instructions;
    skipped_ns_ = saved.skipped_ns;
    next_cold_ = saved.next_cold;
    random_ = saved.random;
    current_ = saved.current;
    turn_left_ = saved.turn_left;
    by_vcpu_ = std::move(saved.by_vcpu);
    slice_open_ = slice_ended_ = false;
    exit_.reset();
    return {};
}

}  // namespace nyx::vm
