// What stands at a place, and where else it stands.
#include "compiler/lsp/features.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

template <class Answer>
Result<json> at_place(Request& request, Answer answer) {
    auto here = request.place();
    return here ? answer(*here) : json();
}

}  // namespace

Result<json> handle_hover(Request& request) {
    return at_place(request, hover);
}

Result<json> handle_definition(Request& request) {
    return at_place(request, definition);
}

Result<json> handle_references(Request& request) {
    bool with_declaration = request.params.value("/context/includeDeclaration"_json_pointer, true);
    return at_place(request, [&](const Place& here) { return references(here, with_declaration); });
}

Result<json> handle_highlight(Request& request) {
    return at_place(request, highlights);
}

Result<json> handle_document_symbol(Request& request) {
    return at_place(request, document_symbols);
}

}  // namespace nyx::lsp
