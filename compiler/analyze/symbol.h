// What a program declares, and what it can use without declaring it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/analyze/type.h"
#include "runtime/base/span.h"

namespace nyx::analyze {

enum class SymbolKind : std::uint8_t {
    kVariable,
    kConstant,  // `let` and `const`: it is not assigned again
    kParameter,
    kFunction,
    kClass,
    kField,
    kMethod,
    kModule,
    kImport,  // the name that an import binds; `target` is what it stands for
    kTypeAlias,
    kMachine,
    kDevice,       // of a machine: `serial com1 { }`
    kSchema,       // `schema serial : device { }`
    kSchemaField,  // also what a machine's setting refers to
    kBuiltin,      // a function or method of docs/builtins.md
};

std::string_view symbol_kind_text(SymbolKind kind);  // "variable", "schema field" …

// name_span and span are unknown for built-ins. doc lives in the tree or in the table of built-ins.
struct Symbol {
    SymbolKind kind = SymbolKind::kVariable;
    bool annotated = false;  // the type was written by the author
    std::string name;
    Span name_span;
    Span span;                    // the whole declaration
    SymbolId owner = kNoSymbol;   // of fields and methods the class, of parameters the function, of others the module …
    SymbolId target = kNoSymbol;  // of imports
    Type type;
    std::string_view doc;
    bool is_pattern = false;          // in a match arm it is compared with; other names take the value
    std::uint32_t entry = kNoSymbol;  // in the model's tables of functions, classes, modules or schemas
};

// A name in the text that means a symbol. declaration: where the symbol gets its name.
struct Reference {
    Span span;
    SymbolId symbol = kNoSymbol;
    bool is_declaration = false;
    bool is_write = false;
};

struct SignatureParameter {
    std::string name;
    Type type;
    bool optional = false;
    bool variadic = false;  // any number of arguments
    Span default_span;      // unknown where there is none, and of built-ins
    SymbolId symbol = kNoSymbol;
};

// How something is called: what signature help shows and arguments are checked against. Of methods without `self`.
struct Signature {
    std::string name;
    std::vector<SignatureParameter> parameters;
    Type result;
    bool result_annotated = false;
    std::string_view doc;
    Span where;  // the name at the declaration
};

// parameter: its place in the callee's signature, or kNoParameter.
struct CallArgument {
    static constexpr std::uint32_t kNoParameter = 0xFFFFFFFF;
    Span span;
    std::uint32_t parameter = kNoParameter;
    bool named = false;
};

struct Call {
    Span span;                         // of the whole call
    Span arguments_span;               // from behind the callee to the end: `(1, 2)`
    SymbolId callee = kNoSymbol;       // function, method, class or built-in
    std::uint32_t first_argument = 0;  // in Model::arguments()
    std::uint32_t argument_count = 0;
    std::uint32_t parent = 0xFFFFFFFF;  // the call around it, in Model::calls_in()
    bool as_method = false;             // the receiver is no argument
};

struct TypedSpan {
    Span span;
    Type type;
};

}  // namespace nyx::analyze
