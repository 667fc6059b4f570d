// Everything that has a page or an anchor, and how names find it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/doc/site.h"

namespace nyx::doc {

enum class Kind { kModule, kClass, kFunction, kConstant, kMachine, kDevice, kSchema, kBuiltin };
// "class"; also the folder of its pages.
const char* kind_text(Kind kind);

struct Entry {
    Kind kind = Kind::kModule;
    std::string name;
    std::string module;  // empty for built-ins
    std::string href;    // within the site
    std::string doc;
    bool is_library = false;
    const ast::Stmt* node = nullptr;        // of declarations
    const DocModule* source = nullptr;      // the file
    const check::Schema* schema = nullptr;  // of devices and schemas
    std::string parameters, result;         // of built-ins, as builtins.def writes them
};

class Entries {
  public:
    explicit Entries(const Input& input);

    const std::vector<Entry>& all() const { return all_; }
    // What a name means in that module: its own first, then the one that there is; null where it is open.
    const Entry* find(std::string_view name, std::string_view module) const;
    const Entry* find_module(std::string_view name) const;
    // Text before the first end of a sentence.
    static std::string summary(const std::string& doc);

  private:
    void add_module(const DocModule& module, const check::Schemas& schemas);
    void add_statement(const DocModule& module, const ast::Stmt& statement, const std::string& inside,
                       const check::Schemas& schemas);
    void add(Entry entry);

    std::vector<Entry> all_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;
    std::map<std::string, std::size_t, std::less<>> modules_;
};

}  // namespace nyx::doc
