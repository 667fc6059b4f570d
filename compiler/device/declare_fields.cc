// What each bit of a register is.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using dev::ir::Kind;
using dev::ir::low_bits;
using diagnostics::Code;

const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> kNames = {"const", "ro",  "wo", "rw",       "w1c",
                                                    "w1s",   "w0c", "rc", "doorbell", "rsvd"};
    return kNames;
}

bool Declarer::kind(const ast::KindRef& node, FieldInfo& field) {
    const std::string argument = node.argument ? node.argument->text : "";
    const auto& names = kind_names();
    const auto found = std::find(names.begin(), names.end(), node.name.text);
    const bool is_short = node.name.text == "zero" || node.name.text == "ones" || node.name.text == "preserve";
    if (found == names.end() && !is_short) {
        auto& finding = bad(node.name.span, fmt::format("there is no kind `{}` of bits", node.name.text));
        const auto near = diagnostics::did_you_mean(node.name.text, names);
        if (near) {
            finding.help(fmt::format("did you mean `{}`?", *near))
                .fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, node.name.span,
                     *near);
        } else {
            finding.help(fmt::format("there are {}", fmt::join(names, ", ")));
        }
        return false;
    }
    field.kind = is_short ? Kind::kReserved : static_cast<Kind>(found - names.begin());
    if (field.kind != Kind::kReserved) return true;
    const std::string& how = is_short ? node.name.text : argument;
    if (how != "zero" && how != "ones" && how != "preserve")
        bad(node.name.span, "reserved bits are `rsvd(zero)`, `rsvd(ones)` or `rsvd(preserve)`");
    field.is_preserved = how == "preserve";
    field.fixed = how == "ones" ? ~std::uint64_t{0} : 0;
    return true;
}

bool Declarer::field_bits(const ast::RegField& node, unsigned width, FieldInfo& field) {
    const auto* range = ast::try_as<ast::BinaryExpr>(node.bits.get());
    const bool is_range = range != nullptr && range->op == ast::BinaryOp::kRange;
    const auto high = constant_of(device_, is_range ? *range->left : *node.bits, "the place of a field");
    const auto low = is_range ? constant_of(device_, *range->right, "the place of a field") : high;
    if (!high || !low) return false;
    if (*high < *low) {
        device_.report(Code::kDeviceRange, node.bits->span, "a field is written from its high bit to its low one")
            .fix("exchange them", diagnostics::Applicability::kMachineApplicable, node.bits->span,
                 fmt::format("{}..{}", *low, *high));
        return false;
    }
    if (*high >= width) {
        device_.report(Code::kDeviceRange, node.bits->span,
                       fmt::format("the register has bits 0 to {}, and not {}", width - 1, *high));
        return false;
    }
    field.high = static_cast<unsigned>(*high);
    field.low = static_cast<unsigned>(*low);
    return true;
}

// `rest: zero` and its like: what holds of the bits that no field names. False: it was said what is wrong.
bool Declarer::rest(const ast::RegField& node, FieldInfo& others) {
    const auto* word = ast::try_as<ast::NameExpr>(node.bits.get());
    const auto* call = ast::try_as<ast::CallExpr>(node.bits.get());
    ast::KindRef how;
    how.name.span = node.bits->span;
    if (word != nullptr) how.name.text = word->name;
    if (call != nullptr) how.name.text = "rsvd";
    const auto* argument = call == nullptr || call->arguments.size() != 1
                               ? nullptr
                               : ast::try_as<ast::NameExpr>(call->arguments[0].value.get());
    if (argument != nullptr) how.argument = ast::Ident{argument->name, argument->span};
    return kind(how, others);
}

void Declarer::field(const ast::RegItem& item, const ast::RegField& node, RegisterInfo& info) {
    FieldInfo field;
    field.name = node.name.text;
    field.where = node.name.span;
    field.doc = node.doc;
    field.kind = info.kind;
    if (!field_bits(node, info.bits, field)) return;
    if (node.kind) kind(*node.kind, field);
    field.value = node.value.get();
    if (field.kind == Kind::kConst && field.value != nullptr) {
        field.fixed = constant_of(device_, *field.value, "a constant field").value_or(0);
        field.value = nullptr;
    } else if (field.kind == Kind::kConst) {
        field.fixed = info.reset >> field.low;
    }
    field.fixed &= low_bits(field.bits());
    if (info.find(field.name) != nullptr)
        bad(field.where, fmt::format("`{}` has two fields `{}`", item.name.text, field.name));
    for (const FieldInfo& other : info.fields) {
        if ((other.mask() & field.mask()) == 0) continue;
        bad(field.where, fmt::format("`{}` and `{}` share bits", other.name, field.name))
            .label(other.where, "the first");
        break;
    }
    info.fields.push_back(field);
}

// Runs of bits that no field names, as `others`; its fixed bits count from bit 0 of each run, or of the register.
static void add_unnamed(RegisterInfo& info, const FieldInfo& others, bool from_each_run) {
    std::uint64_t taken = 0;
    for (const FieldInfo& field : info.fields) taken |= field.mask();
    for (unsigned bit = 0; bit < info.bits;) {
        if ((taken >> bit & 1) != 0) {
            ++bit;
            continue;
        }
        FieldInfo run = others;
        run.low = bit;
        while (bit < info.bits && (taken >> bit & 1) == 0) ++bit;
        run.high = bit - 1;
        run.fixed = (from_each_run ? others.fixed : others.fixed >> run.low) & low_bits(run.bits());
        info.fields.push_back(run);
    }
}

void Declarer::fields(const ast::RegItem& item, RegisterInfo& info) {
    FieldInfo others;
    bool has_rest = false;
    for (const ast::RegField& node : item.fields) {
        if (node.name.text == "rest")
            has_rest = rest(node, others);
        else
            field(item, node, info);
    }
    if (!has_rest) others.kind = info.kind;
    if (!has_rest && info.kind == Kind::kConst) others.fixed = info.reset;
    if (!has_rest && item.value != nullptr && item.fields.empty()) others.value = item.value.get();
    if (item.value != nullptr && !item.fields.empty())
        bad(item.value->span, "either the register is computed or its fields are");
    add_unnamed(info, others, has_rest);
}

}  // namespace nyx::device
