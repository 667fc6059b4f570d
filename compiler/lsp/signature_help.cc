// How what is being called is called (LSP 3.17, "Signature Help Request"): functions, methods, classes, built-ins, and
// the records and devices of machines.
#include <fmt/format.h>

#include "compiler/lsp/callee.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/schema_text.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

struct Shown {
    std::string label;
    std::string doc;
    json parameters = json::array();
    std::vector<std::string> names{};
    bool variadic = false;  // the last one
    std::string end = ")";

    void add(const std::string& name, const std::string& text, const std::string& about) {
        if (!names.empty()) label += ", ";
        names.push_back(name);
        parameters.push_back({{"label", text}});
        if (!about.empty()) parameters.back()["documentation"] = {{"kind", "markdown"}, {"value", about}};
        label += text;
    }
};

std::optional<Shown> of_record(Request& request, const Cursor& cursor) {
    const Library& library = request.workspace.stdlib();
    const Block* block = cursor.block();
    bool declares = block && (block->kind == Block::Kind::kMachine || block->kind == Block::Kind::kDevice);
    const check::Schema* schema =
        declares && library.schemas && !cursor.call->is_member ? library.schemas->find(cursor.call->callee) : nullptr;
    if (!schema || schema->is_abstract) return std::nullopt;
    Shown shown{.label = schema->name + "(", .doc = schema->doc};
    for (const check::FieldSpec& field : schema->fields) {
        std::string value = default_text(field, library);
        std::string text = field.name + (value.empty() ? field.is_required() ? "" : "?" : " = " + value);
        shown.add(field.name, text, field_summary(field, library) + "\n\n" + field.doc);
    }
    return shown;
}

std::optional<Shown> of_symbol(Request& request, const Cursor& cursor) {
    auto place = request.place();
    if (!place) return std::nullopt;
    auto signature = place->model.signature(callee_of(*place, *cursor.call, request.file->document.text()));
    if (!signature) return std::nullopt;
    Shown shown{.label = signature->name + "(", .doc = std::string(signature->doc)};
    for (const auto& parameter : signature->parameters) {
        shown.add(parameter.name, parameter_text(*place, parameter), {});
        shown.variadic = parameter.variadic;
    }
    const analyze::TypeTable& types = place->model.types();
    if (!types.is_unknown(signature->result) && !types.is_nothing(signature->result))
        shown.end = ") -> " + place->model.text(signature->result);
    return shown;
}

std::size_t active(const Shown& shown, const CallSite& call) {
    for (std::size_t i = 0; i < shown.names.size(); ++i) {
        if (shown.names[i] == call.name) return i;
    }
    if (shown.variadic) return std::min(call.argument, shown.names.size() - 1);
    return call.argument;
}

}  // namespace

Result<json> handle_signature_help(Request& request) {
    Cursor cursor = cursor_at(request.file->document.text(), request.offset());
    if (!cursor.call || cursor.call->is_declaration) return json();
    std::optional<Shown> shown = of_record(request, cursor);
    if (!shown) shown = of_symbol(request, cursor);
    if (!shown) return json();
    json signature = {{"label", shown->label + shown->end}, {"parameters", shown->parameters}};
    if (!shown->doc.empty()) signature["documentation"] = {{"kind", "markdown"}, {"value", shown->doc}};
    return json{{"signatures", {signature}}, {"activeSignature", 0}, {"activeParameter", active(*shown, *cursor.call)}};
}

}  // namespace nyx::lsp
