#include "compiler/check/load_schemas.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/check/constants.h"
#include "compiler/check/cpu.h"
#include "compiler/check/type_ref.h"

namespace nyx::check {

using diagnostics::Code;

namespace {

class Loader {
  public:
    Loader(const source::SourceMap& sources, script::Heap& heap, diagnostics::Sink& sink)
        : sources_(sources), heap_(heap), sink_(sink) {}

    void collect(const ast::Module& module) {
        for (const ast::StmtPtr& statement : module.body) {
            const auto* declaration = ast::try_as<ast::SchemaDecl>(statement.get());
            if (declaration) collect(*declaration);
        }
    }

    Schemas run() {
        for (const auto& [name, declaration] : declarations_) resolve(*declaration);
        for (auto& [name, schema] : result_.all) mark_base(schema);
        fill_cpuid_bits();
        return std::move(result_);
    }

  private:
    void collect(const ast::SchemaDecl& declaration) {
        if (!sources_.file(declaration.span.file).is_stdlib) {
            sink_.report(Code::kForeignSchema, declaration.name.span, "schemas are declared in stdlib only")
                .note("a device type needs code behind it, so a program cannot add one");
            return;
        }
        auto [entry, is_new] = declarations_.emplace(declaration.name.text, &declaration);
        if (is_new) return;
        bad(declaration.name.span, fmt::format("schema {} is declared twice", declaration.name.text))
            .label(entry->second->name.span, "first here");
    }

    diagnostics::Diagnostic& bad(Span where, std::string message) {
        return sink_.report(Code::kBadSchema, where, std::move(message));
    }

    // Enters the schema and, before it, its bases.
    const Schema* resolve(const ast::SchemaDecl& declaration) {
        const std::string& name = declaration.name.text;
        if (const Schema* done = result_.find(name)) return done;
        if (!open_.insert(name).second) {
            bad(declaration.name.span, fmt::format("schema {} extends itself", name));
            return nullptr;
        }
        Schema schema;
        schema.name = name;
        schema.doc = declaration.doc;
        schema.where = declaration.name.span;
        if (declaration.base) inherit(schema, *declaration.base);
        for (const ast::FieldDecl& field : declaration.fields) add_field(schema, field);
        return &result_.all.emplace(name, std::move(schema)).first->second;
    }

    void inherit(Schema& schema, const ast::Ident& base) {
        auto found = declarations_.find(base.text);
        if (found == declarations_.end()) {
            bad(base.span, fmt::format("there is no schema {}", base.text));
            return;
        }
        const Schema* parent = resolve(*found->second);
        if (!parent) return;
        schema.base = base.text;
        schema.fields = parent->fields;
    }

    void mark_base(const Schema& schema) {
        auto base = result_.all.find(schema.base);
        if (base != result_.all.end()) base->second.is_abstract = true;
    }

    // `name: type = default` adds a field, `name = default` gives an inherited one another default.
    void add_field(Schema& schema, const ast::FieldDecl& field) {
        auto known = std::find_if(schema.fields.begin(), schema.fields.end(),
                                  [&](const FieldSpec& f) { return f.name == field.name.text; });
        if (known != schema.fields.end()) {
            if (field.type) {
                bad(field.name.span, fmt::format("{} has a field {} already", schema.name, field.name.text))
                    .label(known->where, "declared here");
            } else {
                set_default(*known, field);
            }
            return;
        }
        if (!field.type) {
            bad(field.name.span,
                fmt::format("{} inherits no field {}; a new one needs a type", schema.name, field.name.text));
            return;
        }
        FieldSpec spec;
        spec.name = field.name.text;
        spec.doc = field.doc;
        spec.where = field.name.span;
        std::optional<FieldType> type = read_type(*field.type, declarations(), heap_, sink_);
        if (!type) return;
        spec.type = std::move(*type);
        set_default(spec, field);
        schema.fields.push_back(std::move(spec));
    }

    void set_default(FieldSpec& spec, const ast::FieldDecl& field) {
        spec.where = field.name.span;
        if (!field.value) return;
        spec.where = join(field.name.span, field.value->span);
        Span culprit;
        spec.default_value = constant(*field.value, heap_, culprit);
        if (spec.default_value) {
            heap_.pin(*spec.default_value);
        } else {
            bad(culprit, "a default is a constant: a literal, a name, or a list, map or record of such");
        }
    }

    // The choices of `cpuid_bit` are the names in the `bits` of all cpuid registers.
    void fill_cpuid_bits() {
        std::vector<std::string> names = cpuid_bit_names(result_);
        for (auto& [name, schema] : result_.all) {
            for (FieldSpec& field : schema.fields) fill_cpuid_bits(field.type, names);
        }
    }
    static void fill_cpuid_bits(FieldType& type, const std::vector<std::string>& names) {
        if (type.kind == TypeKind::kOneOf && type.choices.empty()) type.choices = names;
        for (FieldType& element : type.element) fill_cpuid_bits(element, names);
    }

    std::set<std::string> declarations() const {
        std::set<std::string> names;
        for (const auto& [name, declaration] : declarations_) names.insert(name);
        return names;
    }

    const source::SourceMap& sources_;
    script::Heap& heap_;
    diagnostics::Sink& sink_;
    std::map<std::string, const ast::SchemaDecl*> declarations_;
    std::set<std::string> open_;
    Schemas result_;
};

}  // namespace

Schemas load_schemas(std::span<const ast::Module* const> modules, const source::SourceMap& sources, script::Heap& heap,
                     diagnostics::Sink& sink) {
    Loader loader(sources, heap, sink);
    for (const ast::Module* module : modules) loader.collect(*module);
    return loader.run();
}

}  // namespace nyx::check
