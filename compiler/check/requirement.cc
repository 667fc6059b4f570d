#include "compiler/check/requirement.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/meant.h"
#include "compiler/check/origins.h"

namespace nyx::check {

using diagnostics::Code;
using script::Value;

namespace {

Value number_value(TypeKind kind, std::int64_t number) {
    switch (kind) {
        case TypeKind::kSize:
            return Value::quantity(script::Type::kSize, number);
        case TypeKind::kTime:
            return Value::quantity(script::Type::kTime, number);
        case TypeKind::kRate:
            return Value::quantity(script::Type::kRate, number);
        case TypeKind::kFrequency:
            return Value::quantity(script::Type::kFrequency, number);
        default:
            return Value::integer(number);
    }
}

// What the condition sees of a typed value: a size set as a plain number is a size; an address left open is null.
class Values {
  public:
    explicit Values(script::Heap& heap) : heap_(heap) {}

    Value of(const Typed& typed, TypeKind kind) {
        if (const auto* flag = typed.get<bool>()) return Value::boolean(*flag);
        if (const auto* number = typed.get<std::int64_t>()) return number_value(kind, *number);
        if (const auto* number = typed.get<double>()) return Value::floating(*number);
        if (const auto* image = typed.get<model::Image>()) return heap_.string(image->written);
        if (const auto* record = typed.get<Record>()) return symbol(record->schema->name, typed.where);
        if (const auto* list = typed.get<List>()) return array(*list);
        if (const auto* text = typed.get<std::string>()) {
            return kind == TypeKind::kOneOf ? symbol(*text, typed.where) : heap_.string(*text);
        }
        const auto* placement = typed.get<Placement>();
        return placement && placement->fixed ? Value::integer(static_cast<std::int64_t>(*placement->fixed)) : Value();
    }

    Value device(const Record& fields) {
        auto* map = heap_.make<script::Map>();
        for (const FieldSpec& field : fields.schema->fields) {
            if (const Typed* value = fields.find(field.name))
                map->set(heap_.string(field.name), of(*value, field.type.kind));
        }
        return map;
    }

  private:
    Value symbol(const std::string& name, Span where) { return heap_.make<script::Symbol>(name, where); }
    Value array(const List& list) {
        std::vector<Value> items;
        for (const Typed& item : list.items) items.push_back(of(item, TypeKind::kOneOf));
        return heap_.make<script::Array>(std::move(items));
    }

    script::Heap& heap_;
};

// A field that the condition has read: "memory", "com1.base".
struct Reading {
    std::string name;
    std::string value;
    const Typed* typed = nullptr;
};

class Requirements {
  public:
    Requirements(const Record& machine, const std::vector<TypedDevice>& devices, bool is_complete,
                 const Evaluate& evaluate, const source::SourceMap& sources, script::Heap& heap,
                 diagnostics::Sink& sink)
        : machine_(machine),
          devices_(devices),
          is_complete_(is_complete),
          evaluate_(evaluate),
          sources_(sources),
          values_(heap),
          sink_(sink) {}

    void check(const script::Requirement& requirement) {
        readings_.clear();
        reads_mistake_ = false;
        unknown_.clear();
        Evaluated evaluated = evaluate_(requirement.condition, [this](std::string_view name) { return read(name); });
        const script::NativeResult& outcome = evaluated.result;
        if (reads_mistake_ || (!outcome && outcome.error().kind == script::ErrorKind::kMistake)) return;
        bool good = outcome && outcome->is(script::Type::kBool);
        if (!good && report_misspelt(requirement)) return;
        if (!outcome) {
            Span where = outcome.error().user_where.known() ? outcome.error().user_where : requirement.where;
            sink_.report(Code::kBadRequirement, where,
                         fmt::format("this requirement cannot be checked: {}", outcome.error().message));
        } else if (!outcome->is(script::Type::kBool)) {
            sink_.report(Code::kBadRequirement, requirement.where,
                         fmt::format("a requirement is true or false, and this is {}", script::to_source(*outcome)));
        } else if (!outcome->as_bool()) {
            report(requirement, evaluated.parts);
        }
    }

  private:
    std::optional<Value> read(std::string_view name) {
        const FieldSpec* field = machine_.schema->find(name);
        if (const Typed* typed = field ? machine_.find(name) : nullptr) {
            note({std::string(name), written_value(*typed, field->type), typed});
            return values_.of(*typed, field->type.kind);
        }
        reads_mistake_ |= field != nullptr;  // it has no value because of a mistake that was reported
        for (const TypedDevice& device : devices_) {
            if (device.merged->name != name) continue;
            reads_mistake_ |= !device.fields.is_complete();
            return values_.device(device.fields);
        }
        reads_mistake_ |= !is_complete_;
        unknown_.emplace_back(name);
        return std::nullopt;
    }

    // A name that is no field, where the condition makes no sense and a field is called nearly so.
    bool report_misspelt(const script::Requirement& requirement) {
        std::vector<std::string> known;
        for (const FieldSpec& field : machine_.schema->fields) known.push_back(field.name);
        for (const TypedDevice& device : devices_) known.push_back(device.merged->name);
        for (const std::string& name : unknown_) {
            auto meant = meant_field(name, known);
            std::size_t at = sources_.text(requirement.where).find(name);
            if (!meant || at == std::string_view::npos) continue;
            auto begin = requirement.where.begin + static_cast<std::uint32_t>(at);
            Span where{requirement.where.file, begin, begin + static_cast<std::uint32_t>(name.size())};
            sink_.report(Code::kUnknownField, where, fmt::format("the machine has no field `{}`", name))
                .help(fmt::format("did you mean `{}`?", *meant))
                .fix(fmt::format("replace by `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect, where,
                     *meant);
            return true;
        }
        return false;
    }

    void note(Reading reading) {
        bool is_new =
            std::none_of(readings_.begin(), readings_.end(), [&](const Reading& r) { return r.name == reading.name; });
        if (is_new) readings_.push_back(std::move(reading));
    }

    // `com1.base`, with the place that set it.
    std::optional<Reading> device_field(const std::string& text) const {
        std::size_t dot = text.find('.');
        if (dot == std::string::npos) return std::nullopt;
        for (const TypedDevice& device : devices_) {
            if (text.compare(0, dot, device.merged->name) != 0) continue;
            const FieldSpec* field = device.fields.schema->find(text.substr(dot + 1));
            const Typed* typed = field ? device.fields.find(field->name) : nullptr;
            if (typed) return Reading{text, written_value(*typed, field->type), typed};
        }
        return std::nullopt;
    }

    // Fields with the places that set them, then what was made of them, from the inside to the outside.
    void report(const script::Requirement& requirement, const std::vector<script::Note>& parts) {
        std::string message = requirement.message.empty() ? "this requirement is not met" : requirement.message;
        auto& finding = sink_.report(Code::kRequirementFailed, requirement.where, std::move(message), "not met");
        std::vector<std::string> results;
        for (const script::Note& part : parts) {
            std::string text(sources_.text(part.where));
            if (part.where == requirement.where || !says_something(part.value) || part.value.is(script::Type::kMap) ||
                machine_.schema->find(text))
                continue;
            if (std::optional<Reading> reading = device_field(text)) {
                note(std::move(*reading));
                continue;
            }
            std::string result = fmt::format("`{}` is {}", text, script::to_source(part.value));
            if (std::find(results.begin(), results.end(), result) == results.end())
                results.push_back(std::move(result));
        }
        for (const Reading& reading : readings_) {
            std::string text = fmt::format("`{}` is {}", reading.name, reading.value);
            if (reading.typed->is_default) {
                finding.note(fmt::format("{}, the default", text));
            } else {
                finding.label(reading.typed->where, std::move(text));
            }
        }
        for (std::string& result : results) finding.note(std::move(result));
    }

    const Record& machine_;
    const std::vector<TypedDevice>& devices_;
    bool is_complete_;
    const Evaluate& evaluate_;
    const source::SourceMap& sources_;
    Values values_;
    diagnostics::Sink& sink_;
    std::vector<Reading> readings_;
    bool reads_mistake_ = false;
    std::vector<std::string> unknown_;  // names read that are no fields
};

}  // namespace

void check_requirements(const MergedMachine& merged, const Record& machine, const std::vector<TypedDevice>& devices,
                        bool is_complete, const Evaluate& evaluate, const source::SourceMap& sources,
                        script::Heap& heap, diagnostics::Sink& sink) {
    if (!evaluate) return;
    Requirements requirements(machine, devices, is_complete, evaluate, sources, heap, sink);
    for (const script::MachineConfig* level : merged.levels) {
        for (const script::Requirement& requirement : level->requirements) requirements.check(requirement);
    }
}

}  // namespace nyx::check
