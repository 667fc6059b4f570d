#include "compiler/device/state_lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nyx::device {

namespace {

constexpr std::string_view kHead =
    "# What devices save, by version: fields with the ids by which saved machines know them. Kept by nyxc; commit "
    "it.\n";

bool number(std::string_view text, std::uint32_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= 0xFFFF;
}

// The word before the first blank, which is taken off.
std::string_view take_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

// A word and a number at the end, taken off: `u8 since 2`. False: something else stands there.
bool take_version(std::string_view& line, std::string_view word, std::uint32_t& value) {
    const std::string mark = fmt::format(" {} ", word);
    const std::size_t at = line.rfind(mark);
    if (at == std::string_view::npos) return true;
    const std::string_view digits = line.substr(at + mark.size());
    line = line.substr(0, at);
    return number(digits, value);
}

class Reader {
  public:
    Result<StateLock> read(std::string_view text) {
        for (unsigned at = 1; !text.empty(); ++at) {
            const std::size_t end = text.find('\n');
            std::string_view line = text.substr(0, end);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            if (line.empty() || line[0] == '#') continue;
            if (!take(line)) return fail(ErrorCode::kCorrupt, "line {} is not one of a lock of states", at);
        }
        return std::move(lock_);
    }

  private:
    bool take(std::string_view line) {
        if (line.starts_with("device ")) {
            line.remove_prefix(7);
            const std::string name(take_word(line));
            const auto [entry, is_new] = lock_.emplace(name, LockedDevice{});
            device_ = &entry->second;
            return is_new && !name.empty() && number(line, device_->version);
        }
        if (device_ == nullptr || !line.starts_with("  ")) return false;
        line.remove_prefix(2);
        const bool is_gone = line.starts_with("gone ");
        if (is_gone) line.remove_prefix(5);
        LockedField field;
        if (!number(take_word(line), field.id)) return false;
        field.name = take_word(line);
        if (is_gone) field.until = std::max(device_->version, 2u) - 1;  // where an older lock does not say
        if (!take_version(line, "until", field.until) || !take_version(line, "since", field.since)) return false;
        field.type = line;
        std::vector<LockedField>& list = is_gone ? device_->gone : device_->fields;
        const bool ascends = list.empty() || list.back().id < field.id;
        list.push_back(std::move(field));
        const LockedField& made = list.back();
        return ascends && !made.name.empty() && type_of_text(made.type) && made.since <= made.until;
    }

    StateLock lock_;
    LockedDevice* device_ = nullptr;
};

}  // namespace

std::uint32_t LockedDevice::highest() const {
    std::uint32_t most = 0;
    for (const auto* list : {&fields, &gone})
        for (const LockedField& field : *list) most = std::max(most, field.id);
    return most;
}

const LockedField* LockedDevice::find(std::string_view name, std::string_view type) const {
    const auto found =
        std::ranges::find_if(fields, [&](const LockedField& one) { return one.name == name && one.type == type; });
    return found == fields.end() ? nullptr : &*found;
}

Result<StateLock> read_state_lock(std::string_view text) {
    return Reader().read(text);
}

std::string state_lock_text(const StateLock& lock) {
    std::string text(kHead);
    for (const auto& [name, device] : lock) {
        text += fmt::format("device {} {}\n", name, device.version);
        const auto since = [](const LockedField& field) {
            return field.since == 1 ? std::string() : fmt::format(" since {}", field.since);
        };
        for (const LockedField& field : device.fields)
            text += fmt::format("  {} {} {}{}\n", field.id, field.name, field.type, since(field));
        for (const LockedField& field : device.gone)
            text += fmt::format("  gone {} {} {}{} until {}\n", field.id, field.name, field.type, since(field),
                                field.until);
    }
    return text;
}

std::string type_text(const dev::ir::Type& type) {
    switch (type.kind) {
        case dev::ir::TypeKind::kScalar:
            return fmt::format("u{}", type.bits);
        case dev::ir::TypeKind::kArray:
            return fmt::format("[u{}; {}]", type.bits, type.count);
        case dev::ir::TypeKind::kFifo:
            break;
    }
    return fmt::format("fifo<u{}, {}>", type.bits, type.count);
}

std::optional<dev::ir::Type> type_of_text(std::string_view text) {
    // Written out again it must be the same text: that is the whole of the grammar.
    dev::ir::Type type;
    const auto digits = [&](std::size_t at, std::uint32_t& value) {
        const char* begin = text.data() + std::min(at, text.size());
        return std::from_chars(begin, text.data() + text.size(), value).ec == std::errc{};
    };
    std::uint32_t bits = 0;
    const bool is_array = text.starts_with("[u"), is_fifo = text.starts_with("fifo<u");
    const std::size_t comma = text.find(is_array ? "; " : ", ");
    if (!digits(is_array ? 2 : is_fifo ? 6 : 1, bits) || bits < 1 || bits > 64) return std::nullopt;
    if ((is_array || is_fifo) && (comma == std::string_view::npos || !digits(comma + 2, type.count)))
        return std::nullopt;
    if (type.count < 1 || type.count > 65536) return std::nullopt;
    using dev::ir::TypeKind;
    type.kind = is_array ? TypeKind::kArray : is_fifo ? TypeKind::kFifo : TypeKind::kScalar;
    type.bits = static_cast<std::uint8_t>(bits);
    return type_text(type) == text ? std::optional(type) : std::nullopt;
}

std::vector<LockedField> LockedDevice::of_version(std::uint32_t number) const {
    std::vector<LockedField> all;
    for (const auto* list : {&fields, &gone})
        for (const LockedField& field : *list)
            if (field.since <= number && number <= field.until) all.push_back(field);
    std::ranges::sort(all, {}, &LockedField::id);
    return all;
}

LockedDevice locked(const dev::ir::Program& program, const LockedDevice* before) {
    LockedDevice made;
    made.version = program.version;
    for (const dev::ir::StateField& field : program.state)
        made.fields.push_back({field.id, field.name, type_text(field.type), field.since});
    if (before == nullptr) return made;
    made.gone = before->gone;
    for (const LockedField& field : before->fields) {
        const bool stays = std::ranges::any_of(made.fields, [&](const LockedField& one) { return one.id == field.id; });
        if (stays) continue;
        made.gone.push_back(field);
        made.gone.back().until = before->version;
    }
    std::ranges::sort(made.gone, {}, &LockedField::id);
    return made;
}

}  // namespace nyx::device
