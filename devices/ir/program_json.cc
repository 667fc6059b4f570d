#include "devices/ir/program_json.h"

#include <algorithm>
#include <limits>

#include "devices/ir/program_members.h"
#include "devices/ir/verify.h"
#include "runtime/base/json_reader.h"

namespace nyx::dev::ir {

using json::Json;
using json::ObjectReader;
using json::Problem;

namespace {

constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kMaxList = 16384;  // verify() has the limits; this one keeps the reader small

constexpr std::string_view kOps[] = {
#define NYX_DEVICE_OP(name, text) #name,
#include "devices/ir/op.def"
};
constexpr std::string_view kTypeKinds[] = {"scalar", "array", "fifo"};
constexpr std::string_view kSpaces[] = {"pio", "mmio"};
constexpr std::string_view kGaps[] = {"reserved", "zeros", "ones"};
constexpr std::string_view kNarrows[] = {"reject", "widen"};
constexpr std::string_view kServices[] = {"const-read", "doorbell", "coalesced", "coalesced-while", "native", "table"};
constexpr std::string_view kKinds[] = {"const", "ro", "wo", "rw", "w1c", "w1s", "w0c", "rc", "doorbell", "rsvd"};

}  // namespace

template <>
std::span<const std::string_view> texts_of<Op>() {
    return kOps;
}
template <>
std::span<const std::string_view> texts_of<TypeKind>() {
    return kTypeKinds;
}
template <>
std::span<const std::string_view> texts_of<Space>() {
    return kSpaces;
}
template <>
std::span<const std::string_view> texts_of<Gap>() {
    return kGaps;
}
template <>
std::span<const std::string_view> texts_of<Kind>() {
    return kKinds;
}
template <>
std::span<const std::string_view> texts_of<Service>() {
    return kServices;
}
template <>
std::span<const std::string_view> texts_of<Narrow>() {
    return kNarrows;
}

namespace {

template <class T>
concept Enumeration = std::is_enum_v<T>;
template <class T>
concept Number = std::is_unsigned_v<T> && !std::same_as<T, bool>;

template <class T>
Json json_of(const T& part);

Json json_of(const bool& value) {
    return value;
}
Json json_of(const Number auto& value) {
    return std::uint64_t{value};
}
Json json_of(const std::string& value) {
    return value;
}
Json json_of(const Enumeration auto& value) {
    return texts_of<std::remove_cvref_t<decltype(value)>>()[static_cast<std::size_t>(value)];
}
// By its name, so that a new instruction does not change what the others are called.
Json json_of(const Instruction& one) {
    return Json::array({op_name(one.op), one.bits, one.dst, one.a, one.b, one.imm});
}
template <class T>
Json json_of(const std::vector<T>& list) {
    Json all = Json::array();
    for (const T& one : list) all.push_back(json_of(one));
    return all;
}

struct Writer {
    Json object = Json::object();
    template <class T>
    void operator()(const char* key, const T& member) {
        object[key] = json_of(member);
    }
};

template <class T>
Json all_members(const T& part) {
    Writer writer;
    members(writer, part);
    return std::move(writer.object);
}

// Default values are left out.
template <class T>
Json json_of(const T& part) {
    static const Json kDefaults = all_members(T{});
    Json object = all_members(part);
    for (const auto& [key, usual] : kDefaults.items())
        if (object[key] == usual) object.erase(key);
    return object;
}

template <class T>
void read(T& part, const Json& value, const std::string& path, Problem& problem);

void read(bool& into, const Json& value, const std::string& path, Problem& problem) {
    if (value.is_boolean())
        into = value.get<bool>();
    else
        problem.note(path, fmt::format("{} where true or false belongs", json::type_word(value)));
}

template <Number T>
void read(T& into, const Json& value, const std::string& path, Problem& problem) {
    constexpr std::uint64_t kMost = std::numeric_limits<T>::max();
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= kMost)
        into = static_cast<T>(value.get<std::uint64_t>());
    else
        problem.note(path, fmt::format("is not a whole number up to {}", kMost));
}

// Texts are shown on terminals: what would command one is refused.
void read(std::string& into, const Json& value, const std::string& path, Problem& problem) {
    if (!value.is_string()) return problem.note(path, fmt::format("{} where a text belongs", json::type_word(value)));
    into = value.get<std::string>();
    const auto is_command = [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; };
    if (std::ranges::any_of(into, is_command)) problem.note(path, "has control characters");
}

template <Enumeration T>
void read(T& into, const Json& value, const std::string& path, Problem& problem) {
    std::string text;
    read(text, value, path, problem);
    const auto texts = texts_of<T>();
    const auto found = std::ranges::find(texts, text);
    if (found == texts.end()) return problem.note(path, fmt::format("'{}' is not known", text));
    into = static_cast<T>(found - texts.begin());
}

void read(Instruction& into, const Json& value, const std::string& path, Problem& problem) {
    if (!value.is_array() || value.size() != 6) return problem.note(path, "is not [operation, bits, dst, a, b, imm]");
    read(into.op, value[0], path, problem);
    read(into.bits, value[1], path, problem);
    read(into.dst, value[2], path, problem);
    read(into.a, value[3], path, problem);
    read(into.b, value[4], path, problem);
    read(into.imm, value[5], path, problem);
}

template <class T>
void read(std::vector<T>& into, const Json& value, const std::string& path, Problem& problem) {
    if (!value.is_array() || value.size() > kMaxList)
        return problem.note(path, fmt::format("is not a list of at most {}", kMaxList));
    for (std::size_t i = 0; i < value.size(); ++i)
        read(into.emplace_back(), value[i], fmt::format("{}[{}]", path, i), problem);
}

struct Reader {
    ObjectReader& object;
    Problem& problem;

    template <class T>
    void operator()(const char* key, T& member) {
        if (const Json* value = object.find(key)) read(member, *value, object.path_of(key), problem);
    }
};

template <class T>
void read(T& part, const Json& value, const std::string& path, Problem& problem) {
    ObjectReader object(value, path, problem);
    Reader reader{object, problem};
    members(reader, part);
    object.finish();
}

std::string dump(const Json& document) {
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Status check_programs(std::span<const Program> programs) {
    if (programs.empty() || programs.size() > kMaxPrograms)
        return fail(ErrorCode::kCorrupt, "{} programs; 1 to {}", programs.size(), kMaxPrograms);
    for (std::size_t i = 0; i < programs.size(); ++i) {
        if (i > 0 && !(programs[i - 1].name < programs[i].name))
            return fail(ErrorCode::kCorrupt, "program '{}' is not in order or appears twice", programs[i].name);
        if (Status good = verify(programs[i]); !good) return fail(std::move(good).error().in(programs[i].name));
    }
    return {};
}

}  // namespace

std::string canonical_json(const Program& program) {
    return dump(json_of(program));
}

std::string canonical_json(std::span<const Program> programs) {
    Json list = Json::array();
    for (const Program& program : programs) list.push_back(json_of(program));
    return dump({{"format", kFormat}, {"programs", std::move(list)}});
}

Result<std::vector<Program>> parse_programs(std::string_view text) {
    NYX_ASSIGN(Json document, json::parse_json(text, kMaxProgramsText));
    Problem problem;
    ObjectReader object(document, "", problem);
    if (object.number("format") != kFormat) problem.note("format", fmt::format("is not {}", kFormat));
    std::vector<Program> programs;
    read(programs, object.at("programs"), "programs", problem);
    object.finish();
    if (problem.found()) return fail(ErrorCode::kCorrupt, "{}", problem.text());
    NYX_TRY(check_programs(programs));
    if (canonical_json(programs) != text)
        return fail(ErrorCode::kCorrupt,
                    "the JSON is not in canonical form (key order, spacing, a default written out or a key twice)");
    return programs;
}

}  // namespace nyx::dev::ir
