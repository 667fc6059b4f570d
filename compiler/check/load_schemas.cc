#include "compiler/check/load_schemas.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "compiler/check/constants.h"
#include "compiler/check/cpu.h"
#include "compiler/check/type_ref.h"
#include "compiler/syntax/ast_device.h"

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
            const auto* device = ast::try_as<ast::DeviceDecl>(statement.get());
            if (device) add({device->name, device->base, device->doc, nullptr, &device->parameters});
        }
    }

    Schemas run() {
        for (const auto& [name, declaration] : declarations_) resolve(declaration);
        for (auto& [name, schema] : result_.all) check_former_name(schema);
        for (auto& [name, schema] : result_.all) mark_base(schema);
        fill_cpuid_bits();
        return std::move(result_);
    }

  private:
    // A schema, or a device: what a machine sets of one are its parameters.
    struct Declaration {
        ast::Ident name;
        std::optional<ast::Ident> base;
        std::string doc;
        const std::vector<ast::FieldDecl>* fields = nullptr;
        const std::vector<ast::Parameter>* parameters = nullptr;
        const std::vector<ast::Annotation>* annotations = nullptr;
    };
    struct Field {
        const ast::Ident& name;
        const std::optional<ast::TypeRef>& type;
        const ast::Expr* value;
        const std::string& doc;
        const std::vector<ast::Annotation>* annotations = nullptr;
    };

    void collect(const ast::SchemaDecl& declaration) {
        if (!sources_.file(declaration.span.file).is_stdlib) {
            sink_.report(Code::kForeignSchema, declaration.name.span, "schemas are declared in stdlib only")
                .note("a device type needs code behind it, so a program cannot add one");
            return;
        }
        add({declaration.name, declaration.base, declaration.doc, &declaration.fields, nullptr,
             &declaration.annotations});
    }

    void add(Declaration declaration) {
        const ast::Ident name = declaration.name;
        auto known = declarations_.find(name.text);
        // A device of a program takes the place of the library's of that name.
        const bool replaces = known != declarations_.end() && declaration.parameters != nullptr &&
                              sources_.file(known->second.name.span.file).is_stdlib &&
                              !sources_.file(name.span.file).is_stdlib;
        if (replaces) declarations_.erase(known);
        auto [entry, is_new] = declarations_.emplace(name.text, std::move(declaration));
        if (is_new) return;
        bad(name.span, fmt::format("{} is declared twice", name.text)).label(entry->second.name.span, "first here");
    }

    diagnostics::Diagnostic& bad(Span where, std::string message) {
        return sink_.report(Code::kBadSchema, where, std::move(message));
    }

    // Enters the schema and, before it, its bases.
    const Schema* resolve(const Declaration& declaration) {
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
        deprecate(schema, declaration);
        const bool is_device = declaration.parameters != nullptr;
        if (declaration.base || is_device)
            inherit(schema, declaration.base.value_or(ast::Ident{"device", declaration.name.span}));
        if (is_device) {
            for (const ast::Parameter& one : *declaration.parameters)
                add_field(schema, {one.name, one.type, one.default_value.get(), one.doc});
        } else {
            for (const ast::FieldDecl& one : *declaration.fields)
                add_field(schema, {one.name, one.type, one.value.get(), one.doc, &one.annotations});
        }
        check_former_fields(schema);
        return &result_.all.emplace(name, std::move(schema)).first->second;
    }

    void deprecate(Schema& schema, const Declaration& declaration) {
        if (!declaration.annotations) return;
        for (DeprecatedChoice& one : read_deprecations(*declaration.annotations, sink_)) {
            if (!one.choice.empty()) bad(one.deprecation.where, "a schema has no choices");
            schema.deprecated = std::move(one.deprecation);
        }
    }

    void inherit(Schema& schema, const ast::Ident& base) {
        auto found = declarations_.find(base.text);
        if (found == declarations_.end()) {
            bad(base.span, fmt::format("there is no schema {}", base.text));
            return;
        }
        const Schema* parent = resolve(found->second);
        if (!parent) return;
        schema.base = base.text;
        schema.fields = parent->fields;
        schema.former = parent->former;
    }

    // A name of today is one that is there, and no former one itself.
    void check_former_name(Schema& schema) {
        if (!schema.deprecated || !schema.deprecated->is_former_name()) return;
        const Schema* today = result_.find(schema.deprecated->use);
        bool good = today && today != &schema && (!today->deprecated || !today->deprecated->is_former_name());
        if (good) return;
        bad(schema.deprecated->where, fmt::format("there is no schema {} to use in its place", schema.deprecated->use));
        schema.deprecated.reset();
    }

    void check_former_fields(Schema& schema) {
        for (auto former = schema.former.begin(); former != schema.former.end();) {
            bool good = !schema.former.contains(former->second.use) && schema.find(former->first);
            if (!good)
                bad(former->second.where,
                    fmt::format("{} has no field {} to use in its place", schema.name, former->second.use));
            former = good ? std::next(former) : schema.former.erase(former);
        }
    }

    // `old @deprecated(since: "0.3", use: new)`: a former name has the type of the field that it stands for.
    bool add_former_name(Schema& schema, const Field& field, std::vector<DeprecatedChoice>& deprecations) {
        bool is_one = !field.type && deprecations.size() == 1 && deprecations[0].choice.empty() &&
                      deprecations[0].deprecation.is_former_name();
        if (is_one) schema.former[field.name.text] = std::move(deprecations[0].deprecation);
        return is_one;
    }

    void deprecate(FieldSpec& spec, std::vector<DeprecatedChoice> deprecations) {
        for (DeprecatedChoice& one : deprecations) {
            Deprecation& deprecation = one.deprecation;
            const std::vector<std::string>& choices = spec.type.choices;
            auto has = [&](const std::string& name) {
                return std::find(choices.begin(), choices.end(), name) != choices.end();
            };
            bool former = deprecation.is_former_name();
            if (one.choice.empty()) {
                if (former) bad(deprecation.where, "a former name of a field has no type of its own");
                spec.deprecated = std::move(deprecation);
            } else if (former ? has(deprecation.use) && !has(one.choice) : has(one.choice)) {
                spec.type.deprecated[one.choice] = std::move(deprecation);
            } else {
                bad(deprecation.where,
                    former ? fmt::format("`{}` is to stand for one of the choices, and to be none itself", one.choice)
                           : fmt::format("`{}` is none of the choices", one.choice));
            }
        }
    }

    void mark_base(const Schema& schema) {
        // A device that another extends stays one that machines can have.
        auto declared = declarations_.find(schema.base);
        if (declared != declarations_.end() && declared->second.parameters != nullptr) return;
        auto base = result_.all.find(schema.base);
        if (base != result_.all.end()) base->second.is_abstract = true;
    }

    // `name: type = default` adds a field, `name = default` gives an inherited one another default.
    void add_field(Schema& schema, const Field& field) {
        std::vector<DeprecatedChoice> deprecations;
        if (field.annotations) deprecations = read_deprecations(*field.annotations, sink_);
        if (add_former_name(schema, field, deprecations)) return;
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
        deprecate(spec, std::move(deprecations));
        set_default(spec, field);
        schema.fields.push_back(std::move(spec));
    }

    void set_default(FieldSpec& spec, const Field& field) {
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
    std::map<std::string, Declaration> declarations_;
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
