#include "devices/kit/state.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace nyx::dev {

void StateWriter::append(std::uint32_t id, Bytes value) {
    NYX_CHECK(fields_.empty() || fields_.back().id < id, "state field {} out of order", id);
    fields_.push_back({id, std::move(value)});
}

const Bytes* StateReader::find(std::uint32_t id, std::size_t min_size, std::size_t max_size) {
    asked_.push_back(id);
    auto found = std::ranges::find(fields_, id, &StateField::id);
    if (found == fields_.end()) return nullptr;
    if (found->value.size() < min_size || found->value.size() > max_size) {
        refuse(id, fmt::format("has {} bytes", found->value.size()));
        return nullptr;
    }
    return &found->value;
}

void StateReader::refuse(std::uint32_t id, std::string_view why) {
    if (problem_.empty()) problem_ = fmt::format("field {} {}", id, why);
}

Status StateReader::finish() {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (std::ranges::find(asked_, fields_[i].id) == asked_.end()) refuse(fields_[i].id, "is unknown");
        if (i > 0 && fields_[i].id <= fields_[i - 1].id) refuse(fields_[i].id, "is repeated or out of order");
    }
    if (!problem_.empty()) return fail(ErrorCode::kCorrupt, "saved state: {}", problem_);
    return {};
}

static void write_name(ByteWriter& out, std::string_view name) {
    NYX_CHECK(name.size() <= 0xFFFF);
    out.write(static_cast<std::uint16_t>(name.size()));
    out.write(name);
}

Bytes encode_state(const StateUnit& unit) {
    ByteWriter out;
    write_name(out, unit.path);
    write_name(out, unit.type);
    out.write(unit.version);
    out.write(static_cast<std::uint32_t>(unit.fields.size()));
    for (const StateField& field : unit.fields) {
        out.write(field.id);
        out.write(static_cast<std::uint32_t>(field.value.size()));
        out.write(ByteView(field.value));
    }
    return out.take();
}

static std::string read_name(ByteReader& in) {
    return std::string(as_text(in.take(in.read<std::uint16_t>())));
}

Result<StateUnit> decode_state(ByteView bytes) {
    ByteReader in(bytes);
    StateUnit unit;
    unit.path = read_name(in);
    unit.type = read_name(in);
    unit.version = in.read<std::uint32_t>();
    auto count = in.read<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        auto id = in.read<std::uint32_t>();
        ByteView value = in.take(in.read<std::uint32_t>());
        if (!unit.fields.empty() && unit.fields.back().id >= id)
            return fail(ErrorCode::kCorrupt, "saved state of '{}': field {} is repeated or out of order", unit.path,
                        id);
        unit.fields.push_back({id, Bytes(value.begin(), value.end())});
    }
    if (!in.ok()) return fail(ErrorCode::kCorrupt, "saved state of '{}' is cut short", unit.path);
    if (in.remaining() > 0)
        return fail(ErrorCode::kCorrupt, "saved state of '{}' has {} bytes too many", unit.path, in.remaining());
    return unit;
}

}  // namespace nyx::dev
