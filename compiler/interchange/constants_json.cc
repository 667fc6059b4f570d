#include "compiler/interchange/constants_json.h"

#include "runtime/script/objects.h"

namespace nyx::interchange {

namespace {

Json record_json(const script::Record& record) {
    if (record.name == "auto" || record.fields.empty()) return record.name;
    Json json{{"type", record.name}};
    for (const script::Record::Field& field : record.fields) json[field.name] = constant_json(field.value);
    return json;
}

}  // namespace

Json constant_json(const script::Value& value) {
    switch (value.type()) {
        case script::Type::kNull:
            return nullptr;
        case script::Type::kBool:
            return value.as_bool();
        case script::Type::kInt:
            return value.as_int();
        case script::Type::kFloat:
            return value.as_float();
        case script::Type::kRecord:
            return record_json(value.as<script::Record>());
        case script::Type::kSymbol:
            return value.as<script::Symbol>().name;
        case script::Type::kArray: {
            Json json = Json::array();
            for (const script::Value& item : value.as<script::Array>().items) json.push_back(constant_json(item));
            return json;
        }
        default:
            return script::to_text(value);
    }
}

}  // namespace nyx::interchange
