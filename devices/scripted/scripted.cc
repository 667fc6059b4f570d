#include "devices/scripted/scripted.h"

#include <algorithm>

#include "devices/ir/ports.h"
#include "devices/scripted/asks.h"
#include "devices/scripted/object_state.h"
#include "devices/scripted/plain_value.h"
#include "runtime/base/log.h"
#include "runtime/base/printable.h"

namespace nyx::dev::scripted {

using script::Value;

Scripted::Scripted(const ir::Program& program, const plan::DevicePlan& plan, const script::Program& code,
                   const Environment& environment)
    : program_(program),
      plan_(plan),
      code_(code),
      environment_(environment),
      alarms_(program_, environment.clock, environment.timers,
              [this](std::uint32_t timer) { call("on_" + program_.timers[timer].name, {}); }) {
    for (std::uint32_t i = 0; i < program_.banks.size(); ++i) {
        const ir::Bank& bank = program_.banks[i];
        registers_.push_back({bank.name, i, 0, 1, RegisterKind::kReadWrite, 0, {}, bank.size, 1});
        values_[program_.script.bases[i]] = address({i, 0, 1});
    }
    for (std::size_t i = 0; i < plan_.gsis.size(); ++i) values_[program_.lines[i].name] = Value::integer(plan_.gsis[i]);
    for (const ir::Setting& setting : program_.settings)
        values_[setting.name] = setting.bits == 1 ? Value::boolean(setting.value != 0)
                                                  : Value::integer(static_cast<std::int64_t>(setting.value));
    for (const ir::Source& source : program_.sources) {
        if (source.bits == 8) bytes_ = source.name;
        if (source.bits == 0 && source.name == ir::kLineBreak) has_line_break_ = true;
        if (source.bits == 0 && source.name == ir::kPowerButton) has_power_button_ = true;
    }
}

Result<std::unique_ptr<Device>> Scripted::create(const ir::Program& program, const plan::DevicePlan& plan,
                                                 const script::Program& code, const Environment& environment) {
    std::unique_ptr<Scripted> device(new Scripted(program, plan, code, environment));
    auto made = device->fresh();
    if (!made) return fail(std::move(made).error().in(fmt::format("device '{}'", plan.name)));
    device->instance_ = std::move(*made);
    device->conclude();
    return std::unique_ptr<Device>(std::move(device));
}

Result<std::unique_ptr<Instance>> Scripted::fresh() {
    return Instance::create(code_, program_.script.name, values_, [this](std::string_view text) {
        if (lines_++ < kMostLines) log_info("{}: {}", plan_.name, printable(text));
    });
}

std::uint32_t Scripted::select(const Access& access, bool is_write) const {
    const bool is_there = instance_ != nullptr && instance_->has(method(access, is_write)) &&
                          (program_.banks[access.region].widths & access.width) != 0;
    return is_there ? access.region : kNoRegister;
}

std::string_view Scripted::method(const Access& access, bool is_write) const {
    const bool is_port = program_.banks[access.region].space == ir::Space::kPio;
    if (is_port) return is_write ? "io_write" : "io_read";
    return is_write ? "mmio_write" : "mmio_read";
}

// Banks stand ports before memory, as the plan's ranges do.
Value Scripted::address(const Access& access) const {
    const std::size_t ports = plan_.pio.size();
    const Range range = access.region < ports ? plan_.pio[access.region] : plan_.mmio[access.region - ports];
    return Value::integer(static_cast<std::int64_t>(range.base + access.offset));
}

std::optional<Value> Scripted::call(std::string_view method, std::span<const Value> arguments) {
    if (instance_ == nullptr) return std::nullopt;
    begin();
    auto result = instance_->call(method, arguments);
    conclude();
    if (result) return *result;
    complain(result.error().message);
    return std::nullopt;
}

// What the class finds in its fields.
void Scripted::begin() {
    alarms_.show(*instance_);
    if (program_.script.has_clock) instance_->set_field("wall_ns", Value::integer(environment_.clock.wall_ns()));
}

// What it left there.
void Scripted::conclude() {
    const Complain told = [this](const std::string& mistake) { complain(mistake); };
    if (instance_ != nullptr) {
        take_asks(*instance_, program_, environment_, told);
        alarms_.follow(*instance_, told);
    }
    drive_lines();
    offer_room();
}

std::uint64_t Scripted::read(const Access& access) {
    const std::uint64_t ones = ir::low_bits(8u * access.width);
    if (select(access, false) == kNoRegister) return ones;
    const Value arguments[] = {address(access), Value::integer(access.width)};
    const std::optional<Value> result = call(method(access, false), arguments);
    if (!result) return ones;
    if (result->is(script::Type::kBool)) return result->as_bool() ? 1 : 0;
    if (result->is(script::Type::kInt)) return static_cast<std::uint64_t>(result->as_int()) & ones;
    complain(fmt::format("`{}` gives {}, and a guest reads numbers", method(access, false),
                         script::type_name(result->type())));
    return ones;
}

void Scripted::write(const Access& access, std::uint64_t value) {
    if (select(access, true) == kNoRegister) return;
    const Value arguments[] = {address(access), Value::integer(static_cast<std::int64_t>(value)),
                               Value::integer(access.width)};
    call(method(access, true), arguments);
}

void Scripted::reset() {
    alarms_.forget();
    auto made = fresh();
    if (!made) complain(made.error().message);
    instance_ = made ? std::move(*made) : nullptr;
    conclude();
    call("reset", {});
}

bool Scripted::accepts() {
    const std::string question = "accepts_" + bytes_;
    if (instance_ == nullptr || !instance_->has(question)) return instance_ != nullptr;
    auto answer = instance_->call(question, {});
    if (!answer) complain(answer.error().message);
    return answer && script::truthy(*answer);
}

std::size_t Scripted::receive(std::span<const std::uint8_t> bytes) {
    input_waits_ = false;
    std::size_t taken = 0;
    for (; taken < bytes.size() && accepts(); ++taken) {
        const Value arguments[] = {Value::integer(bytes[taken])};
        call("on_" + bytes_, arguments);
    }
    input_waits_ = taken < bytes.size();
    return taken;
}

void Scripted::offer_room() {
    if (!input_waits_ || !accepts()) return;
    input_waits_ = false;
    if (environment_.input_room) environment_.input_room();
}

void Scripted::receive_break() {
    if (has_line_break_) call(fmt::format("on_{}", ir::kLineBreak), {});
}

void Scripted::press_power_button() {
    call(fmt::format("on_{}", ir::kPowerButton), {});
}

void Scripted::drive_lines() {
    const auto field = instance_ == nullptr ? std::nullopt : instance_->field("irq_lines");
    auto* levels = field ? field->try_as<script::Map>() : nullptr;
    for (std::size_t i = 0; i < plan_.gsis.size(); ++i) {
        const Value* level = levels == nullptr ? nullptr : levels->find(Value::integer(plan_.gsis[i]));
        environment_.lines[i]->set(level != nullptr && script::truthy(*level));
    }
}

void Scripted::complain(const std::string& mistake) {
    if (mistakes_ >= kMostMistakes) return;
    ++mistakes_;
    log_warning("device {}: {}{}", plan_.name, mistake,
                mistakes_ == kMostMistakes ? "; what it does wrong from now on is not told" : "");
}

// Field `id` has its name in it, as a zero-terminated text before the value: a class may be written anew in another
// order.
void Scripted::save(StateWriter& state) const {
    names_.clear();
    if (instance_ == nullptr) return;
    alarms_.show(*instance_);
    const auto told = [this](const std::string& what) {
        if (unsaved_.insert(what).second) log_warning("device {}: {}", plan_.name, what);
    };
    for (SavedField& field : save_object(*instance_, program_, told)) {
        Bytes bytes(field.name.begin(), field.name.end());
        bytes.push_back(0);
        bytes.insert(bytes.end(), field.value.begin(), field.value.end());
        names_.push_back(std::move(field.name));
        state.bytes(static_cast<std::uint32_t>(names_.size()), std::move(bytes));
    }
}

namespace {

struct Named {
    std::string_view name;
    ByteView value;
};

std::optional<Named> named(const Bytes& bytes) {
    const auto end = std::ranges::find(bytes, std::uint8_t{0});
    if (end == bytes.end()) return std::nullopt;
    const auto size = static_cast<std::size_t>(end - bytes.begin());
    return Named{as_text(ByteView(bytes)).substr(0, size), ByteView(bytes).subspan(size + 1)};
}

}  // namespace

Status Scripted::restore(StateReader& state) {
    NYX_ASSIGN(std::unique_ptr<Instance> next, fresh());
    for (const StateField& field : state.fields()) {
        const std::optional<Named> one = named(*state.bytes(field.id));
        const Status fits =
            one ? restore_field(*next, one->name, one->value) : fail(ErrorCode::kCorrupt, "has no name");
        if (!fits)
            state.refuse(field.id, fmt::format("({}) {}", one ? printable(one->name) : "", fits.error().message));
    }
    NYX_TRY(state.finish());
    drop_asks(*next);
    instance_ = std::move(next);
    alarms_.forget();
    conclude();
    return {};
}

std::string_view Scripted::state_name(std::uint32_t id) const {
    return id >= 1 && id <= names_.size() ? std::string_view(names_[id - 1]) : std::string_view();
}

std::string Scripted::state_text(const StateField& field) const {
    const std::optional<Named> one = named(field.value);
    script::Heap heap;
    const std::optional<Value> value = one ? read_plain(heap, one->value) : std::nullopt;
    return value ? printable(script::to_source(*value)) : std::string();
}

}  // namespace nyx::dev::scripted
