// Banks: where they stand, and what they do with accesses.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"

namespace nyx::device {

static constexpr std::uint64_t kMostBytes = 1 << 20;

// Ports first, then memory, each as the parameters have them: so a plan counts the regions of a device.
void Declarer::order_banks() {
    const auto& all = device_.all_parameters;
    const auto position = [&](const ast::BankItem& bank) {
        return std::pair(bank.space.text != "pio",
                         std::find(all.begin(), all.end(), device_.find_parameter(*bank.at)) - all.begin());
    };
    std::stable_sort(banks_.begin(), banks_.end(),
                     [&](const auto* a, const auto* b) { return position(*a) < position(*b); });
    for (const ast::BankItem* bank : banks_) device_.program.banks.push_back({bank->name.text});
}

void Declarer::bank(const ast::BankItem& item) {
    const auto index = static_cast<std::uint32_t>(std::find(banks_.begin(), banks_.end(), &item) - banks_.begin());
    dev::ir::Bank& bank = device_.program.banks[index];
    bank.doc = item.doc;
    const ast::Parameter* parameter = device_.find_parameter(*item.at);
    const std::string wanted = item.space.text == "pio" ? "ioport" : "mmio";
    if (item.space.text != "pio" && item.space.text != "mmio") {
        bad(item.space.span, fmt::format("a bank is `pio` or `mmio`, not `{}`", item.space.text));
    } else if (parameter == nullptr || !parameter->type || parameter->type->name != wanted) {
        bad(item.at->span,
            fmt::format("a bank of {} stands at a parameter of type `{}(size)`", item.space.text, wanted));
    }
    bank.space = item.space.text == "mmio" ? dev::ir::Space::kMmio : dev::ir::Space::kPio;
    bank_options(item, bank);
    if (parameter != nullptr && parameter->type && !parameter->type->arguments.empty()) {
        const auto extent = constant_of(device_, *parameter->type->arguments[0], "a size");
        if (extent && *extent != bank.size)
            bad(item.name.span,
                fmt::format("the bank has {} bytes, and `{}` {}", bank.size, parameter->name.text, *extent))
                .label(parameter->type->span, "declared here");
    }
    items(item.items, {index, {}, {}});
}

void Declarer::bank_options(const ast::BankItem& item, dev::ir::Bank& bank) {
    bool has_size = false, widens = false;
    std::uint8_t widths = 0;
    for (const ast::BankOption& option : item.options) {
        const auto* word = ast::try_as<ast::NameExpr>(option.values[0].get());
        const std::string name = word == nullptr ? "" : word->name;
        if (option.name.text == "size") {
            const auto size = constant_of(device_, *option.values[0], "the size of a bank");
            has_size = true;
            if (size && *size >= 1 && *size <= kMostBytes) bank.size = static_cast<std::uint32_t>(*size);
            if (size && bank.size != *size)
                bad(option.values[0]->span, fmt::format("a bank has 1 to {} bytes", kMostBytes));
        } else if (option.name.text == "gaps" && (name == "reserved" || name == "zero" || name == "ones")) {
            bank.gap = name == "zero"   ? dev::ir::Gap::kZeros
                       : name == "ones" ? dev::ir::Gap::kOnes
                                        : dev::ir::Gap::kReserved;
        } else if (option.name.text == "other" && (name == "widen" || name == "reject")) {
            widens = name == "widen";
        } else if (option.name.text == "access") {
            for (const ast::ExprPtr& value : option.values) {
                const auto width = constant_of(device_, *value, "the width of an access");
                const bool fits = width && (*width == 1 || *width == 2 || *width == 4 || *width == 8);
                if (width && !fits) bad(value->span, "accesses are 1, 2, 4 or 8 bytes wide");
                if (fits) widths |= static_cast<std::uint8_t>(*width);
            }
        } else {
            bad(option.name.span,
                "a bank says `size n`, `gaps reserved`, `zero` or `ones`, `access 1, 2` and `other widen` or `reject`");
        }
    }
    if (!has_size)
        bad(item.name.span, fmt::format("how large is bank `{}`?", item.name.text))
            .help("write `size 8` behind its address");
    if (widths != 0 && !widens) bank.widths = widths;
    if (widens || widths != 0) bank.narrow = dev::ir::Narrow::kWiden;
}

}  // namespace nyx::device
