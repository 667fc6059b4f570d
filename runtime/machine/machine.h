// A running machine: its processors, devices and memory, and the thread for each vCPU.
//
//     created ──start()──► running ◄──resume()/pause()──► paused
//        └────────────────────┴──────────stop()─────────────┴──► stopped
//
// Every method belongs to one thread, the controller's, which is also the event loop's; a transition that the picture
// does not show is a mistake of ours and checked. vCPU threads run guest code and its accesses. What a device asks of
// the machine (reset, power-off, exit status, panic) is noted during the access, stops all vCPUs after it, and is done
// by the controller in run().
// A machine that runs in turns (turns.h) has no vCPU threads: the controller's thread runs the guest between two rounds
// of the event loop.
// What the guest asks for is an event: a listener hears of it first, and may have it done otherwise (events.h).
// A reset: vCPUs stop, devices reset, memory is emptied and loaded again, the hypervisor's side is made anew, vCPUs
// run. Lock order: device, timer queue or interrupt input.
#pragma once

#include <csignal>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/machine/blueprint.h"
#include "runtime/machine/device_set.h"
#include "runtime/machine/event_loop.h"
#include "runtime/machine/events.h"
#include "runtime/machine/exit_free_server.h"
#include "runtime/machine/halt_watch.h"
#include "runtime/machine/inspection.h"
#include "runtime/machine/level_inputs.h"
#include "runtime/machine/machine_clock.h"
#include "runtime/machine/outcome.h"
#include "runtime/machine/processors.h"
#include "runtime/machine/requests.h"
#include "runtime/machine/run_gate.h"
#include "runtime/machine/turns.h"

namespace nyx::vm {

struct Worker;

enum class State { kCreated, kRunning, kPaused, kStopped };

class Machine {
  public:
    // hypervisor and loop outlive the machine. Nothing of the guest runs yet, but its memory is loaded.
    static Result<std::unique_ptr<Machine>> create(const hv::Hypervisor& hypervisor, EventLoop& loop,
                                                   Blueprint blueprint, const Options& options);
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    ~Machine();

    void start();
    void pause();
    void resume();
    // From running or paused; the state stays. An error leaves the machine stopped. reason: for the listener.
    Status reset(std::string_view reason = "nyx reset");
    // Ends the vCPU threads. Allowed in every state.
    void stop();

    // start()s if need be, and runs the loop until the machine has ended, which leaves it stopped with all it held
    // still readable. time_limit: of the host's clock from now.
    Outcome run(std::optional<std::uint64_t> time_limit_ns = std::nullopt);
    // In turns only: runs until so many instructions were executed in all (then nothing), or until it has ended, from
    // where restore() still can take it back.
    std::optional<Outcome> run_to(std::uint64_t instructions);
    // Makes run() end after so many.
    void stop_at(std::uint64_t instructions) { stop_at_ = instructions; }
    std::uint64_t stops_at() const { return stop_at_; }
    // Makes run() end, soon. From any thread.
    void request_stop(std::string_view reason) { requests_.make(StopRequest{std::string(reason)}); }

    // How many bytes the device, which has a byte_receiver(), takes now.
    std::size_t give_input(DeviceSlot& slot, ByteView bytes);
    // False: the machine has no power button.
    bool press_power_button();
    // Every device as it stands, in the order of the plan.
    std::vector<DeviceView> inspect();
    DeviceSlot* find_device(std::string_view name) { return devices_->find(name); }
    State state() const { return state_; }
    // How long it has run; time while it was paused does not count.
    std::uint64_t time_ns() const { return clock_.monotonic_ns(); }
    const plan::MachinePlan& plan() const { return *blueprint_.plan; }
    const dev::GuestMemory& memory() const { return memory_.guest; }
    // The hypervisor's counters start anew at each reset; the sum here does not.
    ExitSummary exits() const;
    unsigned resets() const { return resets_; }

    // Is told of events before they are answered. Null: nobody. Outlives the machine, or is taken off before.
    void listen(EventListener* listener) { listener_ = listener; }

    // Null: it does not run in turns.
    const Turns* turns() const { return turns_.get(); }
    // Null: none. Outlives the machine, or is taken off before.
    void watch(TurnWatcher* watcher) { watcher_ = watcher; }
    // In turns: the vCPUs, devices and interrupt controllers as they stand; only while no vCPU runs.
    Result<std::vector<dev::StateUnit>> save_parts() const;
    // The same with the point of the run, for restore(); only at a boundary.
    Result<std::vector<dev::StateUnit>> save() const;
    // After memory was put back. When it fails, nothing of the machine can be relied on.
    Status restore(std::span<const dev::StateUnit> units);
    // What the CPUs are at; only while none runs.
    std::vector<CpuSnapshot> look_at_cpus() const;
    // All RAM, one behind the other; only while no vCPU runs.
    std::span<std::uint8_t> ram() { return {memory_.ram.data(), memory_.ram.size()}; }
    std::span<const std::uint8_t> ram() const { return {memory_.ram.data(), memory_.ram.size()}; }

  private:
    static constexpr std::uint64_t kLongestWaitNs = 3600ull * 1'000'000'000;

    Machine(const hv::Hypervisor& hypervisor, EventLoop& loop, Blueprint blueprint, const Options& options);
    Status build();
    DeviceSet::Services services();
    void replace_timers(const dev::TimerLines& lines);
    void connect_timer();
    Status power_on();
    void start_threads();
    // vCPU threads.
    void vcpu_main(std::uint32_t index);
    bool step(std::uint32_t index);
    void run_timers();
    // In turns, on the controller's thread.
    void take_turns();
    void pass_idle_time();
    std::unique_ptr<Turns> make_turns();
    Status hand_over_to_turns();
    std::uint64_t turns_wait_ns(std::uint64_t now_ns);
    // Any thread.
    void close_gate();
    // Controller.
    void stand_still();
    void go_on();
    std::optional<Outcome> run_on(std::optional<std::uint64_t> time_limit_ns);
    Status start_again();
    std::optional<Outcome> settle();
    // First what the listener says, then the answer.
    std::optional<Outcome> decide(Request request);
    std::optional<Outcome> end_after(Request request);
    Recovery ask_listener(const Request& request);
    std::optional<Event> event_of(const Request& request) const;
    void tell_of_reset(std::string_view reason);
    std::optional<Outcome> answer(Request request);
    std::optional<Outcome> reset_asked(const ResetRequest& request);
    std::optional<Outcome> panicked(const PanicReport& panic);
    std::optional<Outcome> fatal_exit(const FatalExit& fatal);
    Outcome diagnosed(const FatalExit& fatal) const;
    std::optional<Outcome> look_for_halt();
    bool halted_for_good() const;
    Outcome end(Outcome::Kind kind, std::string reason, bool with_cpus);
    Outcome timed_out(std::uint64_t limit_ns);
    std::uint64_t wait_ns(std::uint64_t now_ns, std::optional<std::uint64_t> deadline_ns);
    void keep_counters();

    const hv::Hypervisor& hypervisor_;
    EventLoop& loop_;
    Blueprint blueprint_;
    Options options_;
    State state_ = State::kCreated;
    unsigned resets_ = 0;

    dev::TimerQueue timers_;
    Requests requests_;
    std::unique_ptr<Turns> turns_;  // null: a thread for each vCPU
    HostClock host_clock_;
    MachineClock& clock_;  // one of the two
    IrqInputs irqs_;
    LevelInputs level_inputs_;      // outlives the VM
    bool timers_replaced_ = false;  // under the lock of the HPET
    Memory memory_;
    dev::GuestDma dma_;
    struct Messages final : dev::MessageSink {
        explicit Messages(Machine& of) : machine(of) {}
        void send(std::uint64_t address, std::uint32_t data) override;
        Machine& machine;
    } messages_{*this};
    std::vector<std::unique_ptr<Worker>> workers_;  // outlive the devices, which they may own
    std::unique_ptr<DeviceSet> devices_;
    std::unique_ptr<ExitFreeServer> exit_free_;  // outlives the VM, which maps its pages
    std::unique_ptr<Processors> processors_;
    RunGate gate_;
    HaltWatch halt_watch_;
    hv::Counters earlier_counters_;  // of processors before the last reset
    TurnWatcher* watcher_ = nullptr;
    EventListener* listener_ = nullptr;
    std::optional<Request> held_;                    // answered at resume()
    std::uint64_t stop_at_ = Turns::kNever;          // instructions, in all
    std::optional<std::uint64_t> timer_waited_for_;  // in turns that are paced, by the host's clock
    std::uint64_t waited_until_ns_ = 0;
};

}  // namespace nyx::vm
