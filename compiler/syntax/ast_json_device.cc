// Device declarations for ast_json().
#include "compiler/syntax/ast_writer.h"

namespace nyx::syntax {

namespace {

using Json = nlohmann::ordered_json;
using namespace ast;

class ItemWriter {
  public:
    explicit ItemWriter(AstWriter& writer) : writer_(writer) {}

    template <class T>
    void put(Json& json, const char* key, const T& value) {
        writer_.put(json, key, value);
    }
    void put(Json& json, const char* key, const ItemList& items) {
        if (!items.empty()) json[key] = list(items);
    }
    Json list(const ItemList& items) {
        Json all = Json::array();
        for (const ItemPtr& one : items) all.push_back(item(*one));
        return all;
    }

  private:
    Json item(const DeviceItem& one) {
        Json json = writer_.start(name_of(one.kind), one.span);
        if (one.override_word) json["override"] = true;
        switch (one.kind) {
#define NYX_ITEM(name)                   \
    case ItemKind::k##name:              \
        fill(json, as<name##Item>(one)); \
        break;
            NYX_ITEM(Host)
            NYX_ITEM(State)
            NYX_ITEM(Derive)
            NYX_ITEM(Timer)
            NYX_ITEM(Bank)
            NYX_ITEM(Reg)
            NYX_ITEM(When)
            NYX_ITEM(Index)
            NYX_ITEM(Phase)
            NYX_ITEM(On)
            NYX_ITEM(Invariant)
            NYX_ITEM(Migrate)
            NYX_ITEM(Fn)
            NYX_ITEM(Test)
            NYX_ITEM(Acpi)
            NYX_ITEM(Enum)
#undef NYX_ITEM
        }
        return json;
    }
    static const char* name_of(ItemKind kind) {
        constexpr const char* kNames[] = {"Host",  "State", "Derive",    "Timer",   "Bank", "Reg",  "When", "Index",
                                          "Phase", "On",    "Invariant", "Migrate", "Fn",   "Test", "Acpi", "Enum"};
        return kNames[static_cast<std::size_t>(kind)];
    }

    Json field(const FieldDecl& one) {
        Json json = {{"name", one.name.text}};
        put(json, "type", one.type);
        put(json, "value", one.value);
        put(json, "doc", one.doc);
        return json;
    }
    static Json kind(const KindRef& one) {
        return one.argument ? one.name.text + "(" + one.argument->text + ")" : one.name.text;
    }

    void fill(Json& json, const HostItem& one) {
        for (const HostPort& port : one.ports) {
            Json made = {{"name", port.name.text}, {"type", writer_.type_json(port.type)}};
            put(made, "when", port.when);
            json["ports"].push_back(made);
        }
    }
    void fill(Json& json, const StateItem& one) {
        for (const StateVar& variable : one.variables) {
            Json made = field(variable.field);
            if (variable.since != nullptr) made["since"] = writer_.node(*variable.since);
            json["fields"].push_back(made);
        }
    }
    void fill(Json& json, const DeriveItem& one) {
        json["name"] = one.name.text;
        put(json, "type", one.type);
        put(json, "value", one.value);
    }
    void fill(Json& json, const TimerItem& one) {
        json["name"] = one.name.text;
        for (const Argument& argument : one.arguments)
            json["arguments"].push_back({argument.name ? argument.name->text : "", writer_.node(*argument.value)});
    }
    void fill(Json& json, const BankItem& one) {
        json["name"] = one.name.text;
        json["space"] = one.space.text;
        put(json, "at", one.at);
        for (const BankOption& option : one.options) {
            for (const ExprPtr& value : option.values) json[option.name.text].push_back(writer_.node(*value));
        }
        put(json, "doc", one.doc);
        put(json, "items", one.items);
    }
    void fill(Json& json, const RegItem& one) {
        json["name"] = one.name.text;
        put(json, "count", one.count);
        put(json, "offset", one.offset);
        put(json, "stride", one.stride);
        put(json, "type", one.type);
        if (one.kind) json["access"] = kind(*one.kind);
        put(json, "reset", one.reset);
        put(json, "value", one.value);
        if (one.promise) json["expect"] = one.promise->text;
        put(json, "doc", one.doc);
        for (const RegField& bits : one.fields) {
            Json made = {{"name", bits.name.text}};
            put(made, "bits", bits.bits);
            if (bits.kind) made["access"] = kind(*bits.kind);
            put(made, "value", bits.value);
            put(made, "doc", bits.doc);
            json["fields"].push_back(made);
        }
        for (const auto& handler : one.handlers) json["handlers"].push_back(writer_.node(*handler));
    }
    void fill(Json& json, const WhenItem& one) {
        put(json, "condition", one.condition);
        put(json, "then", one.then_items);
        put(json, "else", one.else_items);
    }
    void fill(Json& json, const IndexItem& one) {
        json["name"] = one.name.text;
        json["data"] = one.data.text;
        put(json, "offset", one.offset);
        put(json, "data_offset", one.data_offset);
        put(json, "array", one.array);
    }
    void fill(Json& json, const PhaseItem& one) {
        json["name"] = one.name.text;
        put(json, "after", one.after);
        put(json, "items", one.items);
    }
    void fill(Json& json, const OnItem& one) { json["handler"] = writer_.node(*one.handler); }
    void fill(Json& json, const InvariantItem& one) { put(json, "condition", one.condition); }
    void fill(Json& json, const MigrateItem& one) {
        put(json, "from", one.from);
        put(json, "to", one.to);
        if (one.old) json["old"] = one.old->text;
        json["body"] = writer_.list(one.body);
    }
    void fill(Json& json, const FnItem& one) { json["function"] = writer_.node(*one.function); }
    void fill(Json& json, const TestItem& one) { json["test"] = writer_.node(*one.test); }
    void fill(Json& json, const AcpiItem& one) { json["body"] = writer_.list(one.body); }
    void fill(Json& json, const EnumItem& one) {
        json["name"] = one.name.text;
        put(json, "type", one.type);
        for (const FieldDecl& value : one.values) json["values"].push_back(field(value));
    }

    AstWriter& writer_;
};

}  // namespace

void AstWriter::fill(Json& json, const DeviceDecl& device) {
    ItemWriter items(*this);
    json["name"] = device.name.text;
    json["parameters"] = parameters(device.parameters);
    if (device.base) json["base"] = device.base->text;
    for (const DeviceOption& option : device.options) json[option.name.text] = node(*option.value);
    put(json, "doc", device.doc);
    items.put(json, "items", device.items);
}

}  // namespace nyx::syntax
