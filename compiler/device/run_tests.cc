#include "compiler/device/run_tests.h"

#include <fmt/format.h>

#include <bit>
#include <deque>

#include "devices/described/device.h"
#include "devices/kit/fakes.h"

namespace nyx::device {

using dev::described::Described;
using dev::ir::kNone;

namespace {

// What the device has asked the machine for.
struct Requests final : dev::MachineControl {
    void request_reset(std::string_view) override { reset = true; }
    void request_power_off(std::string_view) override { power_off = true; }
    void request_exit(int value) override {
        exited = true;
        status = value;
    }
    void guest_panicked(bool) override { panicked = true; }
    bool reset = false, power_off = false, exited = false, panicked = false;
    int status = 0;

    bool has(std::uint32_t which) const {
        const bool all[] = {reset, power_off, exited, panicked};
        return all[which];
    }
};

// What the sinks were sent, and behind them the queries asked about, and nobody has taken; what queries are answered.
struct Sent final : dev::described::Outlets {
    explicit Sent(const dev::ir::Program& program)
        : words(program.sinks.size() + program.queries.size()), answers(program.queries.size(), ~std::uint64_t{0}) {}
    void take(std::uint32_t sink, std::uint64_t value) override { words[sink].push_back(value); }
    std::uint64_t reply(std::uint32_t query, std::uint64_t about) override {
        words[words.size() - answers.size() + query].push_back(about);
        return answers[query];
    }
    std::vector<std::deque<std::uint64_t>> words;
    std::vector<std::uint64_t> answers;
};

class TestRun {
  public:
    TestRun(const CompiledDevice& device, const DeviceTest& test, bool saves)
        : program_(device.with_tests),
          test_(test),
          saves_(saves),
          slots_(test.slots),
          lines_(program_.lines.size()),
          sent_(program_) {
        for (dev::FakeIrqLine& line : lines_) line_pointers_.push_back(&line);
    }

    TestResult run() {
        TestResult result{test_.title, test_.where, true, {}, {}, {}};
        device_ = fresh(result);
        for (const TestStep& step : test_.steps) {
            if (device_ == nullptr || !take(step, result)) break;
            const std::string broken = device_->broken_invariant();
            if (!broken.empty()) fail(result, step, fmt::format("this breaks the invariant `{}`", broken));
            if (result.has_passed && saves_ && step.ends_statement) replace(step, result);
            if (!result.has_passed) break;
        }
        if (!result.has_passed && saves_)
            result.message += ", once the device was saved and restored after every statement";
        return result;
    }

  private:
    static void fail(TestResult& result, const TestStep& step, std::string message) {
        result.has_passed = false;
        result.failed = step.where;
        result.message = std::move(message);
    }

    std::unique_ptr<Described> fresh(TestResult& result) {
        auto made = Described::create(program_, {line_pointers_, clock_, timers_, control_, output_}, &sent_);
        if (made) return std::move(*made);
        result.has_passed = false;
        result.failed = test_.where;
        result.message = made.error().message;
        return nullptr;
    }

    static std::vector<dev::StateField> saved(const Described& device) {
        dev::StateWriter writer;
        device.save(writer);
        return writer.take();
    }

    void replace(const TestStep& step, TestResult& result) {
        const std::vector<dev::StateField> fields = saved(*device_);
        std::unique_ptr<Described> next = fresh(result);
        if (next == nullptr) return;
        dev::StateReader reader(fields);
        const Status good = next->restore(reader);
        if (!good) return fail(result, step, good.error().message);
        if (saved(*next) != fields) return fail(result, step, "the restored state is another one");
        device_ = std::move(next);
    }

    std::uint64_t value(std::uint32_t function) const {
        const auto parameters = program_.functions[function].parameters;
        return device_->evaluate(function, std::span(slots_).first(parameters));
    }

    bool take(const TestStep& step, TestResult& result) {
        switch (step.kind) {
            case TestStep::Kind::kRead:
            case TestStep::Kind::kWrite:
                return access(step, result);
            case TestStep::Kind::kAnswer:
                sent_.answers[step.port] = value(step.value);
                return true;
            case TestStep::Kind::kHost:
                return bring(step, result);
            case TestStep::Kind::kTaken:
                slots_[step.slot] = value(step.value);
                return take_sent(step);
            case TestStep::Kind::kSent:
                slots_[step.slot] = sent_.words[step.port].size();
                return true;
            case TestStep::Kind::kAsked:
                slots_[step.slot] = control_.has(step.port) ? 1 : 0;
                return true;
            case TestStep::Kind::kStatus:
                slots_[step.slot] = static_cast<std::uint64_t>(control_.status) & 0xFF;
                return true;
            case TestStep::Kind::kAdvance:
                timers_.advance(value(step.value));
                return true;
            case TestStep::Kind::kReset:
                device_->reset();
                return true;
            case TestStep::Kind::kRestore:
                return restore(step, result);
            case TestStep::Kind::kLet:
                slots_[step.slot] = value(step.value);
                return true;
            case TestStep::Kind::kExpect:
                break;
        }
        if (value(step.value) != 0) return true;
        fail(result, step, "this does not hold");
        for (const TestStep::Shown& shown : step.shown)
            result.notes.push_back(fmt::format("`{}` is {:#x}", shown.text, value(shown.value)));
        return false;
    }

    bool access(const TestStep& step, TestResult& result) {
        const dev::ir::Register& reg = program_.registers[step.reg];
        const std::uint64_t index = step.index == kNone ? 0 : value(step.index);
        if (index >= reg.count) {
            fail(result, step, fmt::format("there are {} of `{}`, and this is number {}", reg.count, reg.name, index));
            return false;
        }
        const bool is_write = step.kind == TestStep::Kind::kWrite;
        const dev::Access access{reg.bank, reg.offset + index * reg.stride, reg.width};
        const std::uint32_t answers = device_->select(access, is_write);
        if (answers != step.reg) {
            const std::string who =
                answers == dev::kNoRegister ? "nothing" : "`" + program_.registers[answers].name + "`";
            fail(result, step,
                 fmt::format("`{}` is not there now: {} answers the {}", reg.name, who, is_write ? "write" : "read"));
            return false;
        }
        if (is_write) {
            device_->write(access, value(step.value));
        } else {
            slots_[step.slot] = device_->read(access);
        }
        return true;
    }

    bool restore(const TestStep& step, TestResult& result) {
        std::vector<dev::StateField> fields;
        for (const TestStep::Saved& field : step.saved) {
            const std::size_t size = std::bit_ceil((field.bits + 7u) / 8u);
            Bytes bytes(size * field.values.size());
            for (std::size_t i = 0; i < field.values.size(); ++i)
                for (std::size_t k = 0; k < size; ++k)
                    bytes[i * size + k] = static_cast<std::uint8_t>(value(field.values[i]) >> (8 * k));
            fields.push_back({field.id, std::move(bytes)});
        }
        std::unique_ptr<Described> next = fresh(result);
        if (next == nullptr) return false;
        dev::StateReader reader(fields, step.version);
        const Status good = next->restore(reader);
        if (!good) fail(result, step, good.error().message);
        if (good) device_ = std::move(next);
        return good.has_value();
    }

    bool bring(const TestStep& step, TestResult& result) {
        const std::uint64_t sent = step.value == kNone ? 0 : value(step.value);
        if (device_->signal(step.port, sent)) return true;
        fail(result, step, fmt::format("the device does not take `{}` now", program_.sources[step.port].name));
        return false;
    }

    bool take_sent(const TestStep& step) {
        std::deque<std::uint64_t>& words = sent_.words[step.port];
        if (words.empty()) return true;
        slots_[step.slot] = words.front();
        words.pop_front();
        return true;
    }

    const dev::ir::Program& program_;
    const DeviceTest& test_;
    bool saves_;
    std::vector<std::uint64_t> slots_;
    std::deque<dev::FakeIrqLine> lines_;
    std::vector<dev::IrqLine*> line_pointers_;
    dev::FakeClock clock_;
    dev::FakeTimers timers_{clock_};
    Requests control_;
    dev::VectorSink output_;
    Sent sent_;
    std::unique_ptr<Described> device_;
};

}  // namespace

TestResult run_test(const CompiledDevice& device, const DeviceTest& test) {
    TestResult plain = TestRun(device, test, false).run();
    return plain.has_passed ? TestRun(device, test, true).run() : plain;
}

}  // namespace nyx::device
