// Documentation for a proposal, asked for when somebody looks at it (LSP 3.17, "Completion Item Resolve Request").
#include <fmt/format.h>

#include "compiler/lsp/features.h"
#include "compiler/lsp/schema_text.h"
#include "compiler/syntax/parser.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

std::string of_schema(const Library& library, const json& data) {
    const check::Schema* schema =
        library.schemas ? library.schemas->find(data.at("schema").get<std::string>()) : nullptr;
    if (!schema) return {};
    if (!data.contains("field")) return schema_page(*schema, library);
    const check::FieldSpec* field = schema->find(data["field"].get<std::string>());
    return field ? field_page(*schema, *field, library) : std::string();
}

// The text may have changed since: then the number means another symbol.
std::string of_symbol(Workspace& workspace, const json& data) {
    OpenFile* file = workspace.find(data.at("uri"));
    if (!file || file->version != data.at("version") || !file->analysis || !file->analysis->model()) return {};
    const analyze::Model& model = *file->analysis->model();
    auto id = data.at("symbol").get<analyze::SymbolId>();
    if (id >= model.symbol_count()) return {};
    Place place{model, *file->analysis->sources(), file->analysis->main_file(), 0, workspace.client.encoding};
    return fmt::format("```nyx\n{}\n```\n{}", symbol_text(place, id), model.symbol(id).doc);
}

std::string of_module(const std::string& path) {
    source::SourceMap sources;
    diagnostics::Sink ignored;
    auto file = sources.load(path);
    return file ? syntax::parse(sources, *file, ignored)->doc : std::string();
}

}  // namespace

Result<json> handle_completion_resolve(Request& request) {
    json item = request.params;
    const json data = item.value("data", json());
    if (!data.is_object()) return item;
    std::string text;
    if (data.contains("schema")) text = of_schema(request.workspace.stdlib(), data);
    if (data.contains("symbol")) text = of_symbol(request.workspace, data);
    if (data.contains("module")) text = of_module(data["module"]);
    if (!text.empty()) item["documentation"] = {{"kind", "markdown"}, {"value", text}};
    return item;
}

}  // namespace nyx::lsp
