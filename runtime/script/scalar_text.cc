#include "runtime/script/scalar_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <span>

namespace nyx::script {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t factor;
};

constexpr Unit kSizeUnits[] = {
    {"TiB", std::int64_t{1} << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}};
constexpr Unit kTimeUnits[] = {
    {"min", 60'000'000'000}, {"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}};
constexpr Unit kRateUnits[] = {{"Gbit/s", 1'000'000'000}, {"Mbit/s", 1'000'000}, {"kbit/s", 1'000}, {"bit/s", 1}};
constexpr Unit kFrequencyUnits[] = {{"GHz", 1'000'000'000}, {"MHz", 1'000'000}, {"kHz", 1'000}, {"Hz", 1}};

std::span<const Unit> units_of(Type dimension) {
    switch (dimension) {
        case Type::kSize:
            return kSizeUnits;
        case Type::kTime:
            return kTimeUnits;
        case Type::kRate:
            return kRateUnits;
        default:
            return kFrequencyUnits;
    }
}

void append_quoted(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\r':
            out += "\\r";
            return;
        default:
            break;
    }
    if (static_cast<unsigned char>(c) < 0x20) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
        out += c;
    }
}

}  // namespace

std::string quantity_text(const Value& value) {
    std::span<const Unit> units = units_of(value.type());
    const Unit* unit = &units.back();
    for (const Unit& candidate : units) {
        if (value.as_int() != 0 && value.as_int() % candidate.factor == 0) {
            unit = &candidate;
            break;
        }
    }
    return fmt::format("{} {}", value.as_int() / unit->factor, unit->name);
}

std::string float_text(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) append_quoted(out, c);
    return out + '"';
}

}  // namespace nyx::script
