// Banks and registers: where they stand, what each bit of them is.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using dev::ir::Kind;
using dev::ir::low_bits;
using diagnostics::Code;

namespace {

const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> kNames = {"const", "ro",  "wo", "rw",       "w1c",
                                                    "w1s",   "w0c", "rc", "doorbell", "rsvd"};
    return kNames;
}

std::uint64_t mask_of(const FieldInfo& field) {
    return low_bits(field.bits()) << field.low;
}

// Whether bits of this kind are kept, where no handler stands in for them.
bool is_stored(const FieldInfo& field, const RegisterInfo& reg) {
    if (field.value != nullptr || field.kind == Kind::kConst || field.kind == Kind::kDoorbell) return false;
    if (field.kind == Kind::kReserved) return field.is_preserved;
    const bool is_read = reg.on_read != nullptr, is_written = reg.on_write != nullptr;
    if (field.kind == Kind::kReadOnly) return !is_read;
    if (field.kind == Kind::kWriteOnly) return !is_written;
    return !(is_read && is_written);
}

}  // namespace

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
            if (size && *size >= 1 && *size <= 65536) bank.size = static_cast<std::uint32_t>(*size);
            if (size && bank.size != *size) bad(option.values[0]->span, "a bank has 1 to 65536 bytes");
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

void Declarer::reg(const ast::RegItem& item, const Surroundings& around) {
    if (!add(item.name, SymbolKind::kRegister, device_.registers.size())) return;
    RegisterInfo info;
    info.name = item.name;
    info.doc = item.doc;
    info.promise = item.promise;
    info.bank = around.bank;
    info.guards = around.guards;
    info.phases = around.phases;
    if (!place(item, info)) {
        device_.symbols.erase(item.name.text);
        return;
    }
    FieldInfo whole;
    if (!item.kind) {
        bad(item.name.span, fmt::format("what may be done with `{}`?", item.name.text))
            .help(fmt::format("say its kind, one of {}, behind its offset", fmt::join(kind_names(), ", ")));
        whole.kind = Kind::kReadWrite;
    } else if (!kind(*item.kind, whole)) {
        whole.kind = Kind::kReadWrite;
    }
    info.kind = whole.kind;
    if (item.reset != nullptr) {
        info.reset = constant_of(device_, *item.reset, "a reset value").value_or(0);
        if (info.reset > low_bits(info.bits))
            device_.report(Code::kDeviceRange, item.reset->span,
                           fmt::format("{} does not fit u{}", info.reset, info.bits));
        info.reset &= low_bits(info.bits);
    }
    handlers(item, info);
    fields(item, info);
    storage(info);
    device_.registers.push_back(std::move(info));
}

bool Declarer::place(const ast::RegItem& item, RegisterInfo& info) {
    if (item.type) {
        const Type type = read_type(device_, *item.type).element;
        const bool is_width =
            type.base == TypeBase::kInt && (type.bits == 8 || type.bits == 16 || type.bits == 32 || type.bits == 64);
        if (!type.is_error() && !is_width) bad(item.type->span, "a register is u8, u16, u32 or u64");
        if (is_width) info.bits = type.bits;
    }
    const auto offset = constant_of(device_, *item.offset, "the offset of a register");
    if (!offset) return false;
    const std::uint64_t width = info.bits / 8;
    const std::uint64_t count =
        item.count ? constant_of(device_, *item.count, "the number of registers").value_or(0) : 1;
    const std::uint64_t stride = item.stride ? constant_of(device_, *item.stride, "a stride").value_or(0) : width;
    const std::uint64_t size = device_.program.banks[info.bank].size;
    if (count < 1 || count > size || stride < width || stride > size) {
        bad(item.name.span, fmt::format("`{}` cannot stand {} times, {} bytes apart", item.name.text, count, stride));
        return false;
    }
    const std::uint64_t end = stride * (count - 1) + width;
    if (*offset > size || *offset + end > size) {
        bad(item.offset->span,
            fmt::format("`{}` ends at {:#x}, and its bank has {:#x} bytes", item.name.text, *offset + end, size));
        return false;
    }
    info.offset = static_cast<std::uint32_t>(*offset);
    info.count = static_cast<std::uint32_t>(count);
    info.stride = static_cast<std::uint32_t>(stride);
    return true;
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
        if ((mask_of(other) & mask_of(field)) == 0) continue;
        bad(field.where, fmt::format("`{}` and `{}` share bits", other.name, field.name))
            .label(other.where, "the first");
        break;
    }
    info.fields.push_back(field);
}

// Runs of bits that no field names, as `others`; its fixed bits count from bit 0 of each run, or of the register.
static void add_unnamed(RegisterInfo& info, const FieldInfo& others, bool from_each_run) {
    std::uint64_t taken = 0;
    for (const FieldInfo& field : info.fields) taken |= mask_of(field);
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

void Declarer::handlers(const ast::RegItem& item, RegisterInfo& info) {
    for (const auto& handler : item.handlers) {
        const std::string& event = handler->event.text;
        const ast::OnStmt*& slot = event == "read" ? info.on_read : info.on_write;
        if (event != "read" && event != "write") {
            bad(handler->event.span, fmt::format("a register is read and written; it knows no `{}`", event));
        } else if (slot != nullptr) {
            bad(handler->event.span, fmt::format("two handlers of `{}` do the same", item.name.text))
                .label(slot->event.span, "the first");
        } else {
            slot = handler.get();
        }
    }
}

void Declarer::storage(RegisterInfo& info) {
    std::uint64_t stored = 0;
    for (FieldInfo& field : info.fields) {
        field.is_stored = is_stored(field, info);
        if (field.is_stored) stored |= mask_of(field);
    }
    if (stored == 0) return;
    const auto kind = info.count == 1 ? dev::ir::TypeKind::kScalar : dev::ir::TypeKind::kArray;
    info.storage = add_state(info.name.text, {kind, static_cast<std::uint8_t>(info.bits), info.count},
                             Type::number(info.bits), info.reset & stored, info.phases);
    device_.program.state[info.storage].doc = info.doc;
}

// The bytes that a name means: an array of the state, or registers that are no more than what they hold.
std::uint32_t Declarer::window_on(const Symbol& array) const {
    if (array.kind == SymbolKind::kState) {
        const bool is_array = device_.program.state[array.index].type.kind == dev::ir::TypeKind::kArray;
        return is_array && device_.state_types[array.index] == Type::number(8) ? array.index : dev::ir::kNone;
    }
    if (array.kind != SymbolKind::kRegister) return dev::ir::kNone;
    const RegisterInfo& reg = device_.registers[array.index];
    const bool is_plain = std::ranges::all_of(reg.fields, [](const FieldInfo& field) {
        return field.kind == Kind::kReadWrite && field.value == nullptr && field.is_stored;
    });
    const bool is_array = reg.count > 1 && reg.bits == 8 && reg.on_read == nullptr && reg.on_write == nullptr;
    return is_array && is_plain ? reg.storage : dev::ir::kNone;
}

// Two registers of a byte: one holds a number, the other is the element of the array that it names.
void Declarer::index_pair(const ast::IndexItem& item, const Surroundings& around) {
    const auto* name = ast::try_as<ast::NameExpr>(item.array.get());
    const Symbol* array = name == nullptr ? nullptr : device_.find(name->name);
    const std::uint32_t window = array == nullptr ? dev::ir::kNone : window_on(*array);
    if (window == dev::ir::kNone) {
        bad(item.array->span,
            "an index and data pair is of an array of the state, `[u8; n]`, or of `rw` registers above it, `reg "
            "name[n]`");
        return;
    }
    RegisterInfo index, data;
    const auto prepare = [&](RegisterInfo& info, const ast::Ident& called, const ast::Expr& offset) {
        const auto at = constant_of(device_, offset, "the offset of a register");
        const bool fits = at && *at < device_.program.banks[around.bank].size;
        if (at && !fits) bad(offset.span, fmt::format("`{}` is not in its bank", called.text));
        info.name = called;
        info.bank = around.bank;
        info.guards = around.guards;
        info.phases = around.phases;
        info.kind = Kind::kReadWrite;
        info.offset = static_cast<std::uint32_t>(fits ? *at : 0);
        return fits && add(called, SymbolKind::kRegister, device_.registers.size());
    };
    if (!prepare(index, item.name, *item.offset)) return;
    FieldInfo all;
    all.high = 7;
    all.kind = Kind::kReadWrite;
    index.fields = {all};
    storage(index);
    device_.registers.push_back(std::move(index));
    if (!prepare(data, item.data, *item.data_offset)) return;
    data.index_register = static_cast<std::uint32_t>(device_.registers.size() - 1);
    data.window = window;
    device_.registers.push_back(std::move(data));
}

}  // namespace nyx::device
