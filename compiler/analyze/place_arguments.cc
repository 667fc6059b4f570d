#include "compiler/analyze/place_arguments.h"

#include <fmt/format.h>

#include "compiler/analyze/fits.h"

namespace nyx::analyze {

namespace {

// The arguments of one call. After the first that does not fit the signature the others are only noted.
class ArgumentPlacer {
  public:
    ArgumentPlacer(Model::Data& data, Complaints& complaints, const Placement& placement)
        : data_(data),
          say_(complaints),
          signature_(placement.signature),
          where_(placement.where),
          taken_(signature_ ? signature_->parameters.size() : 0),
          failed_(!signature_ || !placement.strict) {}

    void place(const ast::Argument& argument, Type given) {
        std::size_t at = parameter_of(argument);
        CallArgument& noted = data_.arguments.emplace_back();
        noted.span = argument.value->span;
        noted.named = argument.name.has_value();
        if (at >= taken_.size()) return without_parameter(argument);
        const SignatureParameter& parameter = signature_->parameters[at];
        noted.parameter = static_cast<std::uint32_t>(at);
        if (argument.name && parameter.symbol != kNoSymbol)
            data_.refer(argument.name->span, parameter.symbol, false, false);
        if (parameter.variadic) return;
        if (taken_[at] && !failed_) {
            Span again = argument.name ? argument.name->span : argument.value->span;
            say_.given_twice(again, *signature_, parameter.name, where_);
            failed_ = true;
        }
        taken_[at] = true;
        if (!failed_) check_type(argument, given, parameter);
    }

    void require_others() {
        for (std::size_t at = 0; at < taken_.size() && !failed_; ++at) {
            const SignatureParameter& parameter = signature_->parameters[at];
            if (taken_[at] || parameter.optional) continue;
            say_.missing_argument(where_, *signature_, parameter.name, where_);
            failed_ = true;
        }
    }

  private:
    // By name, or the next one; variadic parameters take all that follow. The number of parameters: there is none.
    std::size_t parameter_of(const ast::Argument& argument) {
        if (!argument.name) {
            bool stays = next_ < taken_.size() && signature_->parameters[next_].variadic;
            return stays ? next_ : next_++;
        }
        std::size_t at = 0;
        while (at < taken_.size() && signature_->parameters[at].name != argument.name->text) ++at;
        return at;
    }

    void without_parameter(const ast::Argument& argument) {
        if (!failed_ && argument.name) say_.no_parameter(argument.name->span, *signature_, argument.name->text, where_);
        if (!failed_ && !argument.name) say_.one_argument_more(argument.value->span, *signature_, where_);
        failed_ = true;
    }

    void check_type(const ast::Argument& argument, Type given, const SignatureParameter& parameter) {
        auto misfit = find_misfit(data_, *argument.value, given, parameter.type);
        if (!misfit) return;
        const Symbol* declared = parameter.symbol == kNoSymbol ? nullptr : &data_.symbols[parameter.symbol];
        bool field = declared && declared->kind == SymbolKind::kField;
        say_.mismatch(*misfit, fmt::format("{} `{}`", field ? "field" : "parameter", parameter.name),
                      declared ? declared->name_span : Span{}, where_);
    }

    Model::Data& data_;
    Complaints& say_;
    const std::optional<Signature>& signature_;
    const Span where_;
    std::vector<bool> taken_;  // by parameter
    std::size_t next_ = 0;     // of the next argument without a name
    bool failed_;
};

}  // namespace

void place_arguments(Model::Data& data, Complaints& complaints, const ast::CallExpr& node,
                     const std::vector<Type>& given, const Placement& placement) {
    Call call;
    call.span = node.span;
    call.arguments_span = {node.span.file, node.callee->span.end, node.span.end};
    call.callee = placement.callee;
    call.as_method = placement.as_method;
    call.first_argument = static_cast<std::uint32_t>(data.arguments.size());
    call.argument_count = static_cast<std::uint32_t>(node.arguments.size());
    ArgumentPlacer placer(data, complaints, placement);
    for (std::size_t i = 0; i < node.arguments.size(); ++i) placer.place(node.arguments[i], given[i]);
    placer.require_others();
    data.files[node.span.file].calls.push_back(call);
}

}  // namespace nyx::analyze
