// What is being written at a place of a text that need not be right yet, from what stands before it alone: the usual
// state while somebody types. Linear in the size of the text; any bytes are allowed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nyx::lsp {

// A `{` around the place.
struct Block {
    enum class Kind : std::uint8_t { kCode, kMachine, kDevice, kSchema, kClass, kMap } kind = Kind::kCode;
    std::string type;         // of devices: "serial"
    std::uint32_t begin = 0;  // the byte behind the `{`
};

// A `(` around the place that is a call's: `callee(a, name: …`.
struct CallSite {
    std::string callee;              // "linux"; of `a.b.f` "f"
    std::uint32_t callee_begin = 0;  // of that last name
    bool is_member = false;          // a dot stands before it
    bool is_device = false;          // `device serial(…)`
    bool is_declaration = false;     // `fn f(…)`: parameters
    std::uint32_t begin = 0;         // the byte behind the `(`
    std::size_t argument = 0;        // how many commas stand before the place
    std::vector<std::string> named;  // arguments given by name
    std::string name;                // the place is in the value of `name:`
};

enum class Wanted : std::uint8_t {
    kNothing,    // in a comment, in the name of a declaration
    kStatement,  // a statement begins here
    kExpression,
    kMember,  // behind a dot
    kUnit,    // behind a number
    kType,
    kModule,      // behind `import`
    kModuleName,  // `from m import …`
    kBase,        // `machine a : …`
    kDeviceType,  // `device …`
    kPath,        // in a string
};

struct Cursor {
    Wanted wanted = Wanted::kNothing;
    std::uint32_t begin = 0;         // of the word that is being written; the place itself where there is none
    std::string prefix;              // of it, up to the place
    std::vector<Block> blocks;       // the innermost last
    std::optional<CallSite> call;    // the innermost
    std::string field;               // `field = …` of the block around, whose value is being written
    std::string module;              // of kModule what is written, of kModuleName the module
    std::uint32_t receiver_end = 0;  // of kMember: the byte behind the object

    const Block* block() const { return blocks.empty() ? nullptr : &blocks.back(); }
};

Cursor cursor_at(std::string_view text, std::uint32_t offset);

// The end of the word in which the offset is.
std::uint32_t word_end(std::string_view text, std::uint32_t offset);
bool is_word(char c);

}  // namespace nyx::lsp
