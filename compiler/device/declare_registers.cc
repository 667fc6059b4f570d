// Registers: where they stand, and what keeps what they hold.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"

namespace nyx::device {

using dev::ir::Kind;
using dev::ir::low_bits;
using diagnostics::Code;

namespace {

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
    parts(item, info);
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
    const bool is_config_address =
        dev::ir::is_config_address(device_.program.banks[info.bank], *offset, count, static_cast<unsigned>(width));
    if (!is_config_address && (count < 1 || count > size || stride < width || stride > size)) {
        bad(item.name.span, fmt::format("`{}` cannot stand {} times, {} bytes apart", item.name.text, count, stride));
        return false;
    }
    const std::uint64_t end = stride * (count - 1) + width;
    if ((*offset > size || *offset + end > size) && !is_config_address) {
        bad(item.offset->span,
            fmt::format("`{}` ends at {:#x}, and its bank has {:#x} bytes", item.name.text, *offset + end, size));
        return false;
    }
    info.offset = static_cast<std::uint32_t>(*offset);
    info.count = static_cast<std::uint32_t>(count);
    info.stride = static_cast<std::uint32_t>(stride);
    return true;
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

// Two names more than a handler has otherwise say which part an access is.
void Declarer::parts(const ast::RegItem& item, RegisterInfo& info) {
    const std::size_t of_array = info.count > 1 ? 1 : 0;
    const auto names_part = [](const ast::OnStmt* handler, std::size_t names) {
        return handler != nullptr && handler->arguments.size() == names;
    };
    info.by_parts = names_part(info.on_read, 2 + of_array) || names_part(info.on_write, 3 + of_array);
    if (!info.by_parts) return;
    const std::uint32_t width = info.bits / 8;
    const bool is_read = info.kind != Kind::kWriteOnly && info.kind != Kind::kDoorbell;
    const bool is_written = info.kind != Kind::kReadOnly && info.kind != Kind::kConst;
    const bool is_handled = (!is_read || info.on_read != nullptr) && (!is_written || info.on_write != nullptr);
    if (!is_handled || !item.fields.empty())
        bad(item.name.span,
            fmt::format("`{}` takes parts of accesses, so its handlers do all that is done with it", item.name.text))
            .help("it has `on read` and `on write` where its kind allows them, and no fields");
    if (info.offset % width != 0 || info.stride % width != 0)
        bad(item.offset->span, fmt::format("a register that takes parts stands at a multiple of its {} bytes", width));
}

void Declarer::storage(RegisterInfo& info) {
    std::uint64_t stored = 0;
    for (FieldInfo& field : info.fields) {
        field.is_stored = is_stored(field, info);
        if (field.is_stored) stored |= field.mask();
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
