#include "compiler/check/to_model.h"

#include <algorithm>

#include "compiler/check/boot.h"
#include "compiler/check/consume.h"
#include "compiler/check/cpu.h"

namespace nyx::check {

using model::Field;
using model::FieldValue;
using Fields = std::map<std::string, Field>;

namespace {

model::Unit unit_of(TypeKind kind) {
    switch (kind) {
        case TypeKind::kSize:
            return model::Unit::kBytes;
        case TypeKind::kTime:
            return model::Unit::kNanoseconds;
        case TypeKind::kRate:
            return model::Unit::kBitsPerSecond;
        case TypeKind::kFrequency:
            return model::Unit::kHertz;
        default:
            return model::Unit::kNone;
    }
}

// An element of a list as text: a name, a text, a number, a record with all its fields: "tcp(8080, 80, false)".
std::string element_text(const Typed& item) {
    if (const auto* record = item.get<Record>()) {
        std::vector<std::string> values;
        for (const FieldSpec& field : record->schema->fields)
            if (const Typed* value = record->find(field.name)) values.push_back(element_text(*value));
        if (values.empty()) return record->schema->name;
        return fmt::format("{}({})", record->schema->name, fmt::join(values, ", "));
    }
    if (const auto* flag = item.get<bool>()) return *flag ? "true" : "false";
    if (const auto* text = item.get<std::string>()) return *text;
    if (const auto* image = item.get<model::Image>()) return image->written;
    const auto* number = item.get<std::int64_t>();
    return number ? fmt::to_string(*number) : std::string();
}

void put(const std::string& name, const Typed& typed, TypeKind kind, Fields& into);

// A record is its own name, and its fields as "name.field".
void put_record(const std::string& name, const Record& record, const Typed& typed, Fields& into) {
    into[name] = {{FieldValue(record.schema->name), typed.where, typed.is_default}, model::Unit::kNone};
    for (const FieldSpec& field : record.schema->fields) {
        const Typed* value = record.find(field.name);
        if (value) put(fmt::format("{}.{}", name, field.name), *value, field.type.kind, into);
    }
}

void put(const std::string& name, const Typed& typed, TypeKind kind, Fields& into) {
    if (const auto* record = typed.get<Record>()) return put_record(name, *record, typed, into);
    std::optional<FieldValue> value;
    if (const auto* flag = typed.get<bool>()) value = *flag;
    if (const auto* number = typed.get<std::int64_t>()) value = *number;
    if (const auto* number = typed.get<double>()) value = *number;
    if (const auto* text = typed.get<std::string>()) value = *text;
    // Only of host fields: the guest's own files are found by their digests.
    if (const auto* image = typed.get<model::Image>()) value = image->path;
    if (const auto* list = typed.get<List>()) {
        std::vector<std::string> items;
        for (const Typed& item : list->items) items.push_back(element_text(item));
        value = std::move(items);
    }
    if (value) into[name] = {{std::move(*value), typed.where, typed.is_default}, unit_of(kind)};
}

// `text(name, content)` or `data(name, file)` of stdlib/fw_cfg.ny.
model::HandedFile handed_file(const Record& record) {
    const Typed &name = *record.find("name"), *text = record.find("content"), *file = record.find("file");
    model::HandedFile handed{{*name.get<std::string>(), name.where, name.is_default}, {}};
    if (text != nullptr)
        handed.content = model::Sourced<std::string>{*text->get<std::string>(), text->where, text->is_default};
    if (file != nullptr)
        handed.content = model::Sourced<model::Image>{*file->get<model::Image>(), file->where, file->is_default};
    return handed;
}

std::vector<model::HandedFile> handed_files(const Typed& typed) {
    std::vector<model::HandedFile> files;
    for (const Typed& item : typed.get<List>()->items) files.push_back(handed_file(*item.get<Record>()));
    return files;
}

bool hands_files(const FieldType& type) {
    return type.kind == TypeKind::kList && type.element[0].family == "fw_cfg_file";
}

model::ResourceRequest request(const FieldSpec& field, const Typed& typed, const Placement& placement) {
    using Kind = model::ResourceRequest::Kind;
    model::ResourceRequest wanted;
    wanted.field = field.name;
    wanted.kind = field.type.kind == TypeKind::kIoport ? Kind::kPio
                  : field.type.kind == TypeKind::kMmio ? Kind::kMmio
                                                       : Kind::kGsi;
    wanted.size = field.type.extent;
    wanted.alignment = field.type.alignment;
    if (placement.fixed) wanted.fixed = {*placement.fixed, typed.where, typed.is_default};
    wanted.candidates = placement.candidates;
    wanted.follows = placement.follows;
    return wanted;
}

model::Device device_of(const TypedDevice& typed, const Schemas& schemas) {
    const MergedDevice& merged = *typed.merged;
    model::Device device;
    device.name = merged.name;
    device.type = merged.schema->name;
    device.where = merged.where;
    device.is_default = merged.is_default;
    device.is_single = schemas.derives(*merged.schema, "single");
    for (const FieldSpec& field : merged.schema->fields) {
        const Typed* value = typed.fields.find(field.name);
        if (!value || value->is_null()) continue;
        if (const auto* placement = value->get<Placement>()) {
            device.resources.push_back(request(field, *value, *placement));
        } else if (hands_files(field.type)) {
            device.files = handed_files(*value);
        } else {
            put(field.name, *value, field.type.kind, field.type.host ? device.host : device.fields);
        }
    }
    return device;
}

}  // namespace

Modelled to_model(const MergedMachine& merged, const Record& machine, const std::vector<TypedDevice>& devices,
                  const Schemas& schemas, Typer& typer, diagnostics::Sink& sink) {
    constexpr std::uint64_t kUnknownMemory = std::uint64_t{3} << 30;  // nothing is found not to fit into it
    Consumer fields(machine, sink);
    Modelled modelled;
    model::Machine& result = modelled.machine;
    result.name = merged.config->name;
    result.where = merged.config->where;
    result.doc = merged.config->doc;
    result.memory = fields.take_number<std::uint64_t>("memory");
    result.cpus = fields.take_number<std::uint32_t>("cpus");
    result.pit = fields.take<bool>("pit");
    result.acpi = fields.take<bool>("acpi");
    result.accelerator = fields.take_if<std::string>("accelerator");
    result.irqchip = fields.take_if<std::string>("irqchip");
    auto cpu = fields.take<Record>("cpu");
    auto boot = fields.take<Record>("boot");
    if (!machine.find("memory")) result.memory.value = kUnknownMemory;
    if (!machine.find("cpus")) result.cpus.value = 1;
    if (cpu.value.schema) result.cpu = {cpu_profile(cpu.value, schemas, typer), cpu.where, cpu.is_default};
    std::optional<model::Boot> protocol = boot.value.schema ? boot_of(boot.value, sink) : std::nullopt;
    modelled.has_boot = protocol.has_value();
    if (protocol) result.boot = {std::move(*protocol), boot.where, boot.is_default};
    modelled.is_complete = fields.ok() && protocol && machine.is_complete();
    for (const TypedDevice& device : devices) {
        modelled.is_complete = modelled.is_complete && device.fields.is_complete();
        result.devices.push_back(device_of(device, schemas));
    }
    return modelled;
}

}  // namespace nyx::check
