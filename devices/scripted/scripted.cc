#include "devices/scripted/scripted.h"

#include <algorithm>

#include "runtime/base/log.h"
#include "runtime/base/printable.h"

namespace nyx::dev::scripted {

using script::Value;

Scripted::Scripted(const ir::Program& program, const plan::DevicePlan& plan, const script::Program& code,
                   const Environment& environment)
    : program_(program), plan_(plan), code_(code), environment_(environment) {
    for (std::uint32_t i = 0; i < program_.banks.size(); ++i) {
        const ir::Bank& bank = program_.banks[i];
        registers_.push_back({bank.name, i, 0, 1, RegisterKind::kReadWrite, 0, {}, bank.size, 1});
        values_[program_.script.bases[i]] = address({i, 0, 1});
    }
    for (std::size_t i = 0; i < plan_.gsis.size(); ++i) values_[program_.lines[i].name] = Value::integer(plan_.gsis[i]);
    for (const ir::Setting& setting : program_.settings)
        values_[setting.name] = setting.bits == 1 ? Value::boolean(setting.value != 0)
                                                  : Value::integer(static_cast<std::int64_t>(setting.value));
}

Result<std::unique_ptr<Device>> Scripted::create(const ir::Program& program, const plan::DevicePlan& plan,
                                                 const script::Program& code, const Environment& environment) {
    std::unique_ptr<Scripted> device(new Scripted(program, plan, code, environment));
    auto made = device->fresh();
    if (!made) return fail(std::move(made).error().in(fmt::format("device '{}'", plan.name)));
    device->instance_ = std::move(*made);
    device->drive_lines();
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

std::uint64_t Scripted::read(const Access& access) {
    const std::uint64_t ones = ir::low_bits(8u * access.width);
    if (select(access, false) == kNoRegister) return ones;
    const Value arguments[] = {address(access), Value::integer(access.width)};
    auto result = instance_->call(method(access, false), arguments);
    drive_lines();
    if (!result) {
        complain(result.error());
        return ones;
    }
    if (result->is(script::Type::kBool)) return result->as_bool() ? 1 : 0;
    if (result->is(script::Type::kInt)) return static_cast<std::uint64_t>(result->as_int()) & ones;
    complain({ErrorCode::kInvalidArgument,
              fmt::format("`{}` gives {}, and a guest reads numbers", method(access, false),
                          script::type_name(result->type())),
              {}});
    return ones;
}

void Scripted::write(const Access& access, std::uint64_t value) {
    if (select(access, true) == kNoRegister) return;
    const Value arguments[] = {address(access), Value::integer(static_cast<std::int64_t>(value)),
                               Value::integer(access.width)};
    auto result = instance_->call(method(access, true), arguments);
    drive_lines();
    if (!result) complain(result.error());
}

void Scripted::reset() {
    auto made = fresh();
    if (!made) complain(made.error());
    instance_ = made ? std::move(*made) : nullptr;
    if (instance_ != nullptr) {
        auto done = instance_->call("reset", {});
        if (!done) complain(done.error());
    }
    drive_lines();
}

void Scripted::drive_lines() {
    const auto field = instance_ == nullptr ? std::nullopt : instance_->field("irq_lines");
    auto* levels = field ? field->try_as<script::Map>() : nullptr;
    for (std::size_t i = 0; i < plan_.gsis.size(); ++i) {
        const Value* level = levels == nullptr ? nullptr : levels->find(Value::integer(plan_.gsis[i]));
        environment_.lines[i]->set(level != nullptr && script::truthy(*level));
    }
}

void Scripted::complain(const Error& error) {
    if (mistakes_ >= kMostMistakes) return;
    ++mistakes_;
    log_warning("device {}: {}{}", plan_.name, error.message,
                mistakes_ == kMostMistakes ? "; what it does wrong from now on is not told" : "");
}

// Field `id` has its name in it, as a zero-terminated text before the value: a class may be written anew in another
// order.
void Scripted::save(StateWriter& state) const {
    names_.clear();
    if (instance_ == nullptr) return;
    for (auto& [name, value] : instance_->saved()) {
        names_.push_back(name);
        Bytes bytes(name.begin(), name.end());
        bytes.push_back(0);
        bytes.insert(bytes.end(), value.begin(), value.end());
        state.bytes(static_cast<std::uint32_t>(names_.size()), std::move(bytes));
    }
}

Status Scripted::restore(StateReader& state) {
    NYX_ASSIGN(std::unique_ptr<Instance> next, fresh());
    for (const StateField& field : state.fields()) {
        const Bytes* bytes = state.bytes(field.id);
        const auto end = std::ranges::find(*bytes, std::uint8_t{0});
        const std::string_view name =
            as_text(ByteView(*bytes)).substr(0, static_cast<std::size_t>(end - bytes->begin()));
        const bool fits = end != bytes->end() && next->restore(name, ByteView(*bytes).subspan(name.size() + 1));
        if (!fits) state.refuse(field.id, "is no field of the class, or no value");
    }
    NYX_TRY(state.finish());
    instance_ = std::move(next);
    drive_lines();
    return {};
}

std::string_view Scripted::state_name(std::uint32_t id) const {
    return id >= 1 && id <= names_.size() ? std::string_view(names_[id - 1]) : std::string_view();
}

}  // namespace nyx::dev::scripted
