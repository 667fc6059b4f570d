#include "compiler/lsp/completion.h"

#include "compiler/lsp/convert.h"
#include "compiler/lsp/features.h"

namespace nyx::lsp {

using nlohmann::json;

json Items::range_of(const Document& document, std::uint32_t begin, std::uint32_t end) {
    return range_json(document, Span{0, begin, end});
}

void Items::add(const Item& item) {
    if (!seen_.insert(item.label).second) return;
    bool snippet = client_.snippets && !item.snippet.empty();
    const std::string& plain = item.text.empty() ? item.label : item.text;
    json shown = {{"label", item.label},
                  {"kind", static_cast<int>(item.kind)},
                  {"sortText", std::string(1, item.rank) + item.label},
                  {"insertTextFormat", snippet ? 2 : 1},
                  {"textEdit", {{"range", range_}, {"newText", snippet ? item.snippet : plain}}}};
    if (item.deprecated) shown["tags"] = {1};  // CompletionItemTag.Deprecated
    if (!item.detail.empty()) shown["detail"] = item.detail;
    if (!item.data.is_null()) shown["data"] = item.data;
    list_.push_back(std::move(shown));
}

namespace {

void complete_statement(const Completion& at) {
    const Block* block = at.cursor.block();
    bool machine = block && block->kind == Block::Kind::kMachine;
    if (const check::Schema* schema = schema_of(at, block)) complete_fields(at, schema->name);
    if (machine) complete_device_types(at, true);
    if (block && block->kind == Block::Kind::kDevice) return;
    if (!machine) complete_names(at);
    complete_keywords(at, true);
}

void complete_expression(const Completion& at) {
    if (complete_record(at)) return;
    complete_arguments(at);
    if (const check::FieldSpec* field = field_at(at)) complete_value(at, field->type);
    complete_names(at);
    complete_keywords(at, false);
}

void complete(const Completion& at) {
    switch (at.cursor.wanted) {
        case Wanted::kNothing:
            return;
        case Wanted::kStatement:
            return complete_statement(at);
        case Wanted::kExpression:
            return complete_expression(at);
        case Wanted::kMember:
            return complete_members(at);
        case Wanted::kUnit:
            return complete_units(at);
        case Wanted::kType:
            return complete_types(at);
        case Wanted::kModule:
            return complete_modules(at);
        case Wanted::kModuleName:
            return complete_module_names(at);
        case Wanted::kBase:
            return complete_machines(at);
        case Wanted::kDeviceType:
            return complete_device_types(at, false);
        case Wanted::kPath:
            return complete_paths(at);
    }
}

// Of a path only what stands behind the last `/` or `.` is replaced.
std::uint32_t begin_of_word(const Cursor& cursor) {
    std::size_t cut = std::string::npos;
    if (cursor.wanted == Wanted::kPath) cut = cursor.prefix.find_last_of('/');
    if (cursor.wanted == Wanted::kModule) cut = cursor.prefix.find_last_of("./");
    return cut == std::string::npos ? cursor.begin : cursor.begin + static_cast<std::uint32_t>(cut) + 1;
}

}  // namespace

Result<json> handle_completion(Request& request) {
    std::uint32_t offset = request.offset();
    Cursor cursor = cursor_at(request.file->document.text(), offset);
    Items items(request.file->document, request.workspace.client, begin_of_word(cursor), offset);
    complete({request, cursor, items});
    return items.take();
}

}  // namespace nyx::lsp
