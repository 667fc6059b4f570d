#include "compiler/testing/fields.h"

#include <algorithm>

#include "runtime/script/objects.h"

namespace nyx::testing {

using script::Type;
using script::Value;

namespace {

Value number(model::Unit unit, std::int64_t amount) {
    switch (unit) {
        case model::Unit::kBytes:
            return Value::quantity(Type::kSize, amount);
        case model::Unit::kNanoseconds:
            return Value::quantity(Type::kTime, amount);
        case model::Unit::kBitsPerSecond:
            return Value::quantity(Type::kRate, amount);
        case model::Unit::kHertz:
            return Value::quantity(Type::kFrequency, amount);
        case model::Unit::kNone:
            break;
    }
    return Value::integer(amount);
}

class Fields {
  public:
    explicit Fields(script::Heap& heap) : heap_(heap) {}

    Value of(const model::Field& field) {
        if (const auto* flag = std::get_if<bool>(&field.value)) return Value::boolean(*flag);
        if (const auto* amount = std::get_if<std::int64_t>(&field.value)) return number(field.unit, *amount);
        if (const auto* real = std::get_if<double>(&field.value)) return Value::floating(*real);
        if (const auto* text = std::get_if<std::string>(&field.value)) return heap_.string(*text);
        std::vector<Value> items;
        for (const std::string& item : std::get<std::vector<std::string>>(field.value))
            items.push_back(heap_.string(item));
        return heap_.make<script::Array>(std::move(items));
    }

    Value device(const model::Device& device, const place::PlacedMachine& placed) {
        auto* map = heap_.make<script::Map>();
        for (const auto& [name, field] : device.fields) map->set(heap_.string(name), of(field));
        for (const auto& [name, field] : device.host) map->set(heap_.string(name), of(field));
        for (const place::Placement& given : placed.placements) {
            if (given.device != device.name) continue;
            map->set(heap_.string(given.field), Value::integer(static_cast<std::int64_t>(given.range.base)));
        }
        return map;
    }

    Value symbol(const std::string& name, Span where) { return heap_.make<script::Symbol>(name, where); }

  private:
    script::Heap& heap_;
};

const char* protocol(const model::Boot& boot) {
    constexpr const char* kNames[] = {"linux", "elf", "pvh", "multiboot", "flat", "firmware"};
    return kNames[boot.index()];
}

}  // namespace

std::optional<Value> machine_field(const model::Machine& machine, const place::PlacedMachine& placed,
                                   std::string_view name, script::Heap& heap) {
    Fields fields(heap);
    if (name == "memory") return number(model::Unit::kBytes, static_cast<std::int64_t>(machine.memory.value));
    if (name == "cpus") return Value::integer(machine.cpus.value);
    if (name == "pit") return Value::boolean(machine.pit.value);
    if (name == "acpi") return Value::boolean(machine.acpi.value);
    if (name == "cpu") return fields.symbol(machine.cpu.value.name, machine.cpu.where);
    if (name == "boot") return fields.symbol(protocol(machine.boot.value), machine.boot.where);
    if (name == "name") return heap.string(machine.name);
    for (const auto* choice : {&machine.accelerator, &machine.irqchip}) {
        if (name != (choice == &machine.accelerator ? "accelerator" : "irqchip")) continue;
        return *choice ? fields.symbol((*choice)->value, (*choice)->where) : Value();
    }
    auto device =
        std::find_if(machine.devices.begin(), machine.devices.end(), [&](const auto& d) { return d.name == name; });
    if (device == machine.devices.end()) return std::nullopt;
    return fields.device(*device, placed);
}

}  // namespace nyx::testing
