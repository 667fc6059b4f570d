// What may be written at a place (LSP 3.17, "Completion Request"). The sources of proposals are in complete_*.cc, one
// for each kind of thing.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "compiler/lsp/cursor.h"
#include "compiler/lsp/request.h"

namespace nyx::lsp {

// CompletionItemKind of the protocol.
enum class ItemKind : std::uint8_t {
    kMethod = 2,
    kFunction = 3,
    kField = 5,
    kVariable = 6,
    kClass = 7,
    kModule = 9,
    kProperty = 10,
    kUnit = 11,
    kValue = 12,
    kKeyword = 14,
    kFile = 17,
    kFolder = 19,
    kEnumMember = 20,
    kConstant = 21,
    kStruct = 22,
};

struct Item {
    std::string label;
    ItemKind kind = ItemKind::kVariable;
    std::string detail;
    // What is written in the place of the word; empty: the label. snippet: with `$1` for what is left to fill in, for
    // editors that know it.
    std::string text{};
    std::string snippet{};
    bool deprecated = false;
    char rank = '5';        // items of a lower one come first
    nlohmann::json data{};  // by which completionItem/resolve finds the documentation
};

// Collects items, of one label only the first.
class Items {
  public:
    Items(const Document& document, const Client& client, std::uint32_t begin, std::uint32_t end)
        : client_(client), range_(range_of(document, begin, end)) {}
    void add(const Item& item);
    nlohmann::json take() { return {{"isIncomplete", false}, {"items", std::move(list_)}}; }

  private:
    static nlohmann::json range_of(const Document& document, std::uint32_t begin, std::uint32_t end);

    const Client& client_;
    nlohmann::json range_;
    nlohmann::json list_ = nlohmann::json::array();
    std::set<std::string> seen_;
};

// A place with what is known around it. file and model are of the text as it is.
struct Completion {
    Request& request;
    const Cursor& cursor;
    Items& items;

    std::string_view text() const { return request.file->document.text(); }
};

// ---- complete_fields.cc
void complete_fields(const Completion& at, std::string_view schema);
void complete_device_types(const Completion& at, bool with_name);
// Fields of the record or device whose parentheses are around the place; false where it is none.
bool complete_record(const Completion& at);
void complete_value(const Completion& at, const check::FieldType& type);
// The field whose value is written at the place; null where it is none.
const check::FieldSpec* field_at(const Completion& at);
// "machine", or the device's schema, of the block around; null elsewhere.
const check::Schema* schema_of(const Completion& at, const Block* block);

// ---- complete_names.cc
void complete_names(const Completion& at);
void complete_members(const Completion& at);
void complete_arguments(const Completion& at);
void complete_keywords(const Completion& at, bool statement);
void complete_types(const Completion& at);
void complete_machines(const Completion& at);

// ---- complete_files.cc
void complete_modules(const Completion& at);
void complete_module_names(const Completion& at);
void complete_paths(const Completion& at);

// ---- complete_units.cc
void complete_units(const Completion& at);

}  // namespace nyx::lsp
