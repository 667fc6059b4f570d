// `restore(1, name: value, …)` in a test: a state as an older version has saved it.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/compiler_steps.h"

namespace nyx::device {

using dev::ir::TypeKind;
using diagnostics::Code;

namespace {

class RestoreLowering {
  public:
    RestoreLowering(const Declared& device, TestStep& step,
                    const std::function<std::uint32_t(const ast::Expr&, Type)>& value)
        : device_(device), step_(step), value_(value) {}

    void run(const ast::CallExpr& node, const LockedDevice* before) {
        const auto version = node.arguments.empty() || node.arguments[0].name
                                 ? std::nullopt
                                 : constant_of(device_, *node.arguments[0].value, "a version");
        if (!version || *version < 1 || *version > device_.program.version) {
            device_.report(Code::kDeviceItem, node.span, "`restore` takes a version that there was, and its fields")
                .help("as in `restore(1, divisor: 12)`; fields that are left out are as at the beginning");
            return;
        }
        step_.version = static_cast<std::uint32_t>(*version);
        for (const LockedField& field : locked(device_.program, before).of_version(step_.version))
            fields_.push_back(field_of(device_.program, field));
        for (const dev::ir::StateField& field : fields_) initial(field);
        for (std::size_t i = 1; i < node.arguments.size(); ++i) given(node.arguments[i]);
    }

  private:
    // A fifo is empty; what is gone began with zeros, for all that is known.
    void initial(const dev::ir::StateField& field) {
        const ast::IntLiteral number = literal(field.initial);
        const std::size_t count = field.type.kind == TypeKind::kFifo ? 0 : field.type.count;
        step_.saved.push_back({field.id, field.type.bits, {}});
        if (count != 0) step_.saved.back().values.assign(count, value_(number, Type::number(64)));
    }

    static ast::IntLiteral literal(std::uint64_t number) {
        ast::IntLiteral made({});
        made.value = static_cast<decltype(made.value)>(number);
        return made;
    }

    void given(const ast::Argument& one) {
        const auto found =
            std::ranges::find_if(fields_, [&](const auto& field) { return one.name && field.name == one.name->text; });
        if (found == fields_.end()) {
            std::vector<std::string> names;
            for (const dev::ir::StateField& field : fields_) names.push_back(field.name);
            device_
                .report(Code::kDeviceName, one.name ? one.name->span : one.value->span,
                        fmt::format("the state of version {} has no such field", step_.version))
                .help(fmt::format("it has {}", fmt::join(names, ", ")));
            return;
        }
        elements(*found, *one.value);
    }

    void elements(const dev::ir::StateField& field, const ast::Expr& value) {
        std::vector<std::uint32_t>& into = step_.saved[static_cast<std::size_t>(&field - fields_.data())].values;
        const Type type = type_in_code(device_, field);
        if (field.type.kind == TypeKind::kScalar) {
            into = {value_(value, type)};
            return;
        }
        const auto* list = ast::try_as<ast::ArrayExpr>(&value);
        const std::size_t count = list == nullptr ? 0 : list->elements.size();
        const bool fits = field.type.kind == TypeKind::kFifo ? count <= field.type.count : count == field.type.count;
        if (list == nullptr || !fits) {
            device_.report(Code::kDeviceType, value.span,
                           fmt::format("`{}` was {}, so it is given as `[…]`", field.name, type_text(field.type)));
            return;
        }
        into.clear();
        for (const ast::ExprPtr& one : list->elements) into.push_back(value_(*one, type));
    }

    const Declared& device_;
    TestStep& step_;
    const std::function<std::uint32_t(const ast::Expr&, Type)>& value_;
    std::vector<dev::ir::StateField> fields_;
};

}  // namespace

void lower_restore(const Declared& device, const LockedDevice* before, const ast::CallExpr& node, TestStep& step,
                   const std::function<std::uint32_t(const ast::Expr&, Type)>& value) {
    RestoreLowering(device, step, value).run(node, before);
}

}  // namespace nyx::device
