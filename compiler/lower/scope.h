// Names and where they live. Private to compiler/lower.
//
// A variable belongs to a whole function, or to a whole module; a block does not open a scope. A name that is assigned in a
// function and known in none around it is that function's own.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/syntax/ast.h"
#include "runtime/script/program.h"

namespace nyx::lower {

// A file, or a `module M { … }` inside one.
struct ModuleScope {
    std::string name;
    const ModuleScope* parent = nullptr;
    std::map<std::string, std::uint32_t, std::less<>> globals;          // name → index in Program::globals
    std::map<std::string, std::uint32_t, std::less<>> modules;          // name → index in Program::modules
    std::vector<const ModuleScope*> imports;                            // whose globals are known here by bare name
    std::map<std::string, const ast::ClassDecl*, std::less<>> classes;  // declared here
    std::map<std::string, Span, std::less<>> constants;                 // names that may not be assigned again
};

// The names that a body declares or assigns, without those of functions inside it.
std::set<std::string> assigned_names(const ast::StmtList& body);

// A function being lowered.
struct FunctionScope {
    FunctionScope* outer = nullptr;
    script::Function code;
    std::map<std::string, std::uint16_t, std::less<>> locals;
    std::map<std::string, std::uint16_t, std::less<>> captures;
    const ast::ClassDecl* cls = nullptr;  // of a method
    const ModuleScope* module = nullptr;
    bool is_body = false;      // of a module: its names are globals
    bool reads_fields = false;  // a `require` condition
    // Jumps of the loops around the statement being lowered, and the `finally` bodies between.
    struct Loop {
        std::uint32_t start = 0;
        std::vector<std::size_t> breaks;
        std::vector<std::size_t> continues;
        std::size_t finally_depth = 0;
        bool is_loop = true;  // a switch takes break, not continue
    };
    std::vector<Loop> loops;
    std::vector<const ast::StmtList*> finals;
    int machine_depth = 0;

    std::uint16_t add_local(const std::string& name);
    std::uint16_t hidden() { return add_local(""); }
};

}  // namespace nyx::lower
