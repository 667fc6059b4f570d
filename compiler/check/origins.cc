#include "compiler/check/origins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/script/objects.h"

namespace nyx::check {

using model::Origin;
using model::OriginStep;
using script::Value;

namespace {

std::string joined(const std::string& path, const std::string& field) {
    return path.empty() ? field : fmt::format("{}.{}", path, field);
}

const script::Setting* find(const Settings& settings, const Schema& schema, const FieldSpec& field) {
    auto found = std::find_if(settings.begin(), settings.end(),
                              [&](const auto& one) { return schema.find(one.name) == &field; });
    return found == settings.end() ? nullptr : &*found;
}

std::string list_text(const List& list, const FieldType& type) {
    std::vector<std::string> items;
    for (const Typed& item : list.items) items.push_back(written_value(item, type.element.front()));
    return fmt::format("[{}]", fmt::join(items, ", "));
}

class OriginFinder {
  public:
    OriginFinder(const Schemas& schemas, model::Origins& into) : schemas_(schemas), into_(into) {}

    void field(const std::string& path, const Block& block, const Schema& schema, const FieldSpec& spec,
               const Typed* value) {
        Origin origin{type_text(spec.type, schemas_), spec.doc, {}};
        for (auto level = block.levels.rbegin(); level != block.levels.rend(); ++level) {
            const script::Setting* setting = find(*level->settings, schema, spec);
            if (!setting) continue;
            origin.steps.push_back({OriginStep::Kind::kSet, level->machine->name,
                                    written_value(setting->value, spec.type), setting->where,
                                    parts_of(setting->parts)});
        }
        bool is_default = origin.steps.empty();
        add_default(schema, spec, origin);
        std::string name = joined(path, spec.name);
        const Record* record = value ? value->get<Record>() : nullptr;
        if (record) inner_fields(name, *record, is_default ? OriginStep() : origin.steps.front());
        into_[name] = std::move(origin);
    }

  private:
    static void add_default(const Schema& schema, const FieldSpec& spec, Origin& origin) {
        if (spec.is_required()) return;
        std::string value = spec.default_value ? written_value(*spec.default_value, spec.type) : "null";
        origin.steps.push_back({OriginStep::Kind::kDefault, schema.name, std::move(value), spec.where});
    }

    // The arguments of `linux(kernel: "vmlinuz")`, set where the whole was, `set`; the others have their defaults.
    void inner_fields(const std::string& path, const Record& record, const OriginStep& set) {
        for (const FieldSpec& spec : record.schema->fields) {
            const Typed* value = record.find(spec.name);
            if (!value) continue;
            Origin origin{type_text(spec.type, schemas_), spec.doc, {}};
            if (value->where != spec.where) {
                origin.steps.push_back(
                    {OriginStep::Kind::kSet, set.by, written_value(*value, spec.type), value->where});
                for (const model::OriginPart& part : set.parts) {
                    bool inside = part.where.file == value->where.file && part.where.begin >= value->where.begin &&
                                  part.where.end <= value->where.end;
                    if (inside) origin.steps.front().parts.push_back(part);
                }
            }
            add_default(*record.schema, spec, origin);
            if (const auto* inner = value->get<Record>()) inner_fields(joined(path, spec.name), *inner, set);
            into_[joined(path, spec.name)] = std::move(origin);
        }
    }

    const Schemas& schemas_;
    model::Origins& into_;
};

}  // namespace

bool says_something(const Value& value) {
    using enum script::Type;
    bool is_plain = !value.is_object() || value.is(kString) || value.is(kArray) || value.is(kTuple) || value.is(kMap);
    return is_plain && !value.is(kUnset);
}

std::vector<model::OriginPart> parts_of(const std::vector<script::Note>& notes) {
    std::vector<model::OriginPart> parts;
    for (const script::Note& note : notes) {
        if (says_something(note.value)) parts.push_back({note.where, script::to_source(note.value)});
    }
    return parts;
}

std::string written_value(const Value& value, const FieldType& type) {
    bool is_int = value.is(script::Type::kInt);
    if (is_int && type.is_resource() && type.kind != TypeKind::kGsi) return fmt::format("{:#x}", value.as_int());
    const auto* choices = value.try_as<script::Record>();
    const auto* first =
        choices && !choices->fields.empty() ? choices->fields[0].value.try_as<script::Array>() : nullptr;
    if (first && type.is_resource() && type.kind != TypeKind::kGsi) {
        std::vector<std::string> addresses;
        for (const Value& item : first->items) addresses.push_back(written_value(item, type));
        return fmt::format("auto([{}])", fmt::join(addresses, ", "));
    }
    if (is_int && type.kind == TypeKind::kSize) return number_text(type.kind, value.as_int());
    return value.is(script::Type::kUnset) ? std::string("unknown") : script::to_source(value);
}

std::string written_value(const Typed& value, const FieldType& type) {
    if (const auto* flag = value.get<bool>()) return *flag ? "true" : "false";
    if (const auto* number = value.get<std::int64_t>()) return number_text(type.kind, *number);
    if (const auto* number = value.get<double>()) return fmt::format("{}", *number);
    if (const auto* image = value.get<model::Image>()) return fmt::format("\"{}\"", image->written);
    if (const auto* record = value.get<Record>()) return record->schema->name;
    if (const auto* placement = value.get<Placement>()) {
        if (!placement->fixed) return "auto";
        return type.kind == TypeKind::kGsi ? fmt::to_string(*placement->fixed)
                                           : fmt::format("{:#x}", *placement->fixed);
    }
    if (const auto* list = value.get<List>()) return list_text(*list, type);
    const auto* text = value.get<std::string>();
    if (!text) return "null";
    return type.kind == TypeKind::kOneOf || type.kind == TypeKind::kName ? *text : fmt::format("\"{}\"", *text);
}

Origin machine_origin(const MergedMachine& merged) {
    Origin origin{"a machine", merged.config->doc, {}};
    for (auto level = merged.levels.rbegin(); level != merged.levels.rend(); ++level)
        origin.steps.push_back({OriginStep::Kind::kSet, (*level)->name, "", (*level)->where});
    return origin;
}

Origin device_origin(const MergedDevice& device) {
    Origin origin{device.schema->name, device.schema->doc, {}};
    for (auto level = device.levels.rbegin(); level != device.levels.rend(); ++level)
        origin.steps.push_back({OriginStep::Kind::kSet, level->machine->name, "", level->where});
    return origin;
}

void add_origins(const std::string& path, const Block& block, const Record& fields, const Schemas& schemas,
                 model::Origins& into) {
    OriginFinder finder(schemas, into);
    for (const FieldSpec& spec : fields.schema->fields)
        finder.field(path, block, *fields.schema, spec, fields.find(spec.name));
}

}  // namespace nyx::check
