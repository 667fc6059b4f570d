#include "devices/scripted/asks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/base/printable.h"

namespace nyx::dev::scripted {

using script::Type;
using script::Value;

namespace {

constexpr std::string_view kSent = "sent", kRequests = "requests";

// What such a field holds, which it holds no longer.
std::vector<Value> taken(Instance& instance, std::string_view field) {
    const std::optional<Value> value = instance.field(field);
    auto* list = value ? value->try_as<script::Array>() : nullptr;
    return list == nullptr ? std::vector<Value>() : std::exchange(list->items, {});
}

struct Pair {
    std::string_view name;
    Value value;
};

std::optional<Pair> pair_of(const Value& item) {
    const auto* tuple = item.try_as<script::Tuple>();
    const auto* name =
        tuple == nullptr || tuple->items.size() != 2 ? nullptr : tuple->items[0].try_as<script::String>();
    if (name == nullptr) return std::nullopt;
    return Pair{name->text, tuple->items[1]};
}

// False: it is nothing that such a sink takes.
bool append(Bytes& out, const ir::Sink& sink, const Value& value) {
    if (const auto* text = value.try_as<script::String>(); text != nullptr && sink.bits == 8) {
        out.insert(out.end(), text->text.begin(), text->text.end());
        return true;
    }
    if (!value.is(Type::kInt) && !value.is(Type::kBool)) return false;
    for (unsigned shift = 0; shift < sink.bits; shift += 8)
        out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value.as_int()) >> shift));
    return true;
}

void send(std::span<const Value> items, const ir::Program& program, ByteSink& output, const Complain& complain) {
    Bytes bytes;  // a device has one sink
    for (const Value& item : items) {
        const std::optional<Pair> one = pair_of(item);
        const auto sink = std::ranges::find(program.sinks, one ? one->name : "", &ir::Sink::name);
        if (sink == program.sinks.end())
            complain(fmt::format("the device has no sink for {}", printable(script::to_source(item))));
        else if (!append(bytes, *sink, one->value))
            complain(fmt::format("sink `{}` takes numbers{}, not {}", sink->name, sink->bits == 8 ? " and texts" : "",
                                 script::type_name(one->value.type())));
    }
    if (!bytes.empty()) output.write(bytes);
}

bool request(const Pair& asked, const std::string& device, MachineControl& control) {
    const bool is_number = asked.value.is(Type::kInt) || asked.value.is(Type::kBool);
    const std::int64_t value = is_number ? asked.value.as_int() : 0;
    if (asked.name == "reset")
        control.request_reset(device);
    else if (asked.name == "power_off")
        control.request_power_off(device);
    else if (asked.name == "exit")
        control.request_exit(static_cast<int>(value & 0xFF));
    else if (asked.name == "panicked")
        control.guest_panicked(value != 0);
    else
        return false;
    return true;
}

}  // namespace

void take_asks(Instance& instance, const ir::Program& program, const Environment& environment,
               const Complain& complain) {
    if (const std::vector<Value> items = taken(instance, kSent); !items.empty())
        send(items, program, environment.output, complain);
    for (const Value& item : taken(instance, kRequests)) {
        const std::optional<Pair> one = pair_of(item);
        if (!program.script.controls)
            complain("the device has no port of the kind `control` to ask the machine by");
        else if (!one || !request(*one, program.name, environment.control))
            complain(fmt::format("a machine is not asked for {}", printable(script::to_source(item))));
    }
}

void drop_asks(Instance& instance) {
    taken(instance, kSent);
    taken(instance, kRequests);
}

}  // namespace nyx::dev::scripted
