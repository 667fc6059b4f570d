#include "compiler/check/type_ref.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/check/constants.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::check {

using diagnostics::Code;

namespace {

struct TypeName {
    std::string_view name;
    TypeKind kind;
};
constexpr std::array kTypes = {
    TypeName{"bool", TypeKind::kBool},
    TypeName{"int", TypeKind::kInt},
    TypeName{"float", TypeKind::kFloat},
    TypeName{"size", TypeKind::kSize},
    TypeName{"time", TypeKind::kTime},
    TypeName{"rate", TypeKind::kRate},
    TypeName{"frequency", TypeKind::kFrequency},
    TypeName{"string", TypeKind::kString},
    TypeName{"image", TypeKind::kImage},
    TypeName{"machine_name", TypeKind::kName},
    TypeName{"one_of", TypeKind::kOneOf},
    TypeName{"cpuid_bit", TypeKind::kOneOf},
    TypeName{"list", TypeKind::kList},
    TypeName{"map", TypeKind::kMap},
    TypeName{"ioport", TypeKind::kIoport},
    TypeName{"mmio", TypeKind::kMmio},
    TypeName{"gsi", TypeKind::kGsi},
};

class Reader {
  public:
    Reader(const std::set<std::string>& families, script::Heap& heap, diagnostics::Sink& sink)
        : families_(families), heap_(heap), sink_(sink) {}

    std::optional<FieldType> read(const ast::TypeRef& ref) {
        if (ref.name == "host") return read_host(ref);
        FieldType type;
        type.nullable = ref.nullable;
        const auto* known =
            std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) { return t.name == ref.name; });
        if (known != kTypes.end()) {
            type.kind = known->kind;
        } else if (families_.contains(ref.name)) {
            type.kind = TypeKind::kFamily;
            type.family = ref.name;
        } else {
            return unknown(ref);
        }
        if (!read_element(ref, type) || !read_arguments(ref, type)) return std::nullopt;
        return type;
    }

  private:
    std::nullopt_t bad(Span where, std::string message) {
        sink_.report(Code::kBadSchema, where, std::move(message));
        return std::nullopt;
    }

    std::nullopt_t unknown(const ast::TypeRef& ref) {
        std::vector<std::string> names(families_.begin(), families_.end());
        names.emplace_back("host");
        for (const TypeName& type : kTypes) names.emplace_back(type.name);
        auto& finding = sink_.report(Code::kBadSchema, ref.span, fmt::format("there is no type {}", ref.name));
        if (auto near = diagnostics::did_you_mean(ref.name, names))
            finding.help(fmt::format("did you mean `{}`?", *near));
        return std::nullopt;
    }

    std::optional<FieldType> read_host(const ast::TypeRef& ref) {
        if (ref.parameters.size() != 1) return bad(ref.span, "`host` takes one type: `host<backend>`");
        std::optional<FieldType> type = read(ref.parameters.front());
        if (type) type->host = true;
        return type;
    }

    bool read_element(const ast::TypeRef& ref, FieldType& type) {
        bool wants = type.kind == TypeKind::kList || type.kind == TypeKind::kMap;
        if (ref.parameters.size() != (wants ? 1 : 0)) {
            bad(ref.span, wants ? fmt::format("`{0}` takes one type: `{0}<string>`", ref.name)
                                : fmt::format("`{}` takes no type in < >", ref.name));
            return false;
        }
        if (!wants) return true;
        std::optional<FieldType> element = read(ref.parameters.front());
        if (element) type.element.push_back(std::move(*element));
        return element.has_value();
    }

    bool read_arguments(const ast::TypeRef& ref, FieldType& type) {
        switch (type.kind) {
            case TypeKind::kInt:
            case TypeKind::kSize:
            case TypeKind::kTime:
            case TypeKind::kRate:
            case TypeKind::kFrequency:
                return read_bounds(ref, type);
            case TypeKind::kOneOf:
                return ref.name == "cpuid_bit" ? no_arguments(ref) : read_choices(ref, type);
            case TypeKind::kIoport:
            case TypeKind::kMmio:
                return read_extent(ref, type);
            default:
                return no_arguments(ref);
        }
    }

    bool no_arguments(const ast::TypeRef& ref) {
        if (!ref.arguments.empty()) bad(ref.span, fmt::format("`{}` takes no arguments", ref.name));
        return ref.arguments.empty();
    }

    bool read_choices(const ast::TypeRef& ref, FieldType& type) {
        for (const ast::ExprPtr& argument : ref.arguments) {
            const auto* name = ast::try_as<ast::NameExpr>(argument.get());
            if (name) type.choices.push_back(name->name);
        }
        bool complete = !type.choices.empty() && type.choices.size() == ref.arguments.size();
        if (!complete) bad(ref.span, "`one_of` takes names: `one_of(on, off)`");
        return complete;
    }

    // (low..high) or (low..high, step): both ends allowed.
    bool read_bounds(const ast::TypeRef& ref, FieldType& type) {
        if (type.kind != TypeKind::kInt) type.min = 0;
        if (ref.arguments.empty()) return true;
        const auto* range = ast::try_as<ast::BinaryExpr>(ref.arguments.front().get());
        bool is_range = range && range->op == ast::BinaryOp::kRange && ref.arguments.size() <= 2;
        bool complete = is_range && read_number(*range->left, type.min) && read_number(*range->right, type.max) &&
                        (ref.arguments.size() == 1 || read_number(*ref.arguments[1], type.step)) && type.step > 0 &&
                        type.min <= type.max;
        if (!complete) bad(ref.span, fmt::format("`{0}` takes a range and perhaps a step: `{0}(1..8)`", ref.name));
        return complete;
    }

    // (size) or (size, alignment). Without the second, addresses that the compiler chooses are multiples of the size.
    bool read_extent(const ast::TypeRef& ref, FieldType& type) {
        std::int64_t extent = 1;
        std::int64_t alignment = 1;
        bool complete = !ref.arguments.empty() && ref.arguments.size() <= 2 && read_number(*ref.arguments[0], extent) &&
                        (ref.arguments.size() == 1 || read_number(*ref.arguments[1], alignment)) && extent > 0 &&
                        alignment > 0;
        if (!complete) bad(ref.span, fmt::format("`{0}` takes a size and perhaps an alignment: `{0}(8)`", ref.name));
        type.extent = static_cast<std::uint64_t>(extent);
        type.alignment = static_cast<std::uint64_t>(alignment);
        return complete;
    }

    bool read_number(const ast::Expr& expr, std::int64_t& number) {
        Span culprit;
        std::optional<script::Value> value = constant(expr, heap_, culprit);
        bool is_number = value && (value->is(script::Type::kInt) || value->is_quantity());
        if (is_number) number = value->as_int();
        return is_number;
    }

    const std::set<std::string>& families_;
    script::Heap& heap_;
    diagnostics::Sink& sink_;
};

}  // namespace

std::optional<FieldType> read_type(const ast::TypeRef& type, const std::set<std::string>& families, script::Heap& heap,
                                   diagnostics::Sink& sink) {
    return Reader(families, heap, sink).read(type);
}

}  // namespace nyx::check
