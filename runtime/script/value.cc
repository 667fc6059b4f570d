#include "runtime/script/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/script/objects.h"
#include "runtime/script/program.h"

namespace nyx::script {

namespace {

constexpr int kMaxNesting = 200;
// A structure that shares its parts may be exponentially larger as text than in memory.
constexpr std::size_t kMaxText = std::size_t{16} << 20;
constexpr std::size_t kMaxComparisons = std::size_t{16} << 20;

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

// The shortest text that reads back as the same number, and always looks like a float.
std::string float_text(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
                } else {
                    out += c;
                }
        }
    }
    return out + '"';
}

// Text of a value as in source. Ends with … where the text would be too long or the nesting too deep.
class Writer {
  public:
    std::string write(const Value& value) {
        if (depth_ > kMaxNesting || left_ == 0) return "…";
        ++depth_;
        std::string text = scalar(value);
        --depth_;
        left_ -= std::min(left_, text.size());
        return text;
    }

  private:
    std::string scalar(const Value& value) {
        switch (value.type()) {
            case Type::kUnset:
            case Type::kNull:
                return "null";
            case Type::kBool:
                return value.as_bool() ? "true" : "false";
            case Type::kInt:
                return fmt::format("{}", value.as_int());
            case Type::kFloat:
                return float_text(value.as_float());
            default:
                return value.is_quantity() ? quantity_text(value) : object(value);
        }
    }

    std::string object(const Value& value) {
        auto inner = [this](const Value& item) { return write(item); };
        switch (value.type()) {
            case Type::kString:
                return quoted(value.as<String>().text);
            case Type::kArray:
                return listed(value.as<Array>().items, "[", "]", inner);
            case Type::kTuple: {
                const auto& items = value.as<Tuple>().items;
                return listed(items, "(", items.size() == 1 ? ",)" : ")", inner);
            }
            case Type::kMap:
                return listed(value.as<Map>().entries(), "{", "}", [this](const Map::Entry& entry) {
                    if (entry.key.is(Type::kUnset)) return std::string();
                    std::string key = write(entry.key);
                    return key + ": " + write(entry.value);
                });
            case Type::kRecord:
                return value.as<Record>().name +
                       listed(value.as<Record>().fields, "(", ")", [this](const Record::Field& field) {
                           return (field.name.empty() ? "" : field.name + ": ") + write(field.value);
                       });
            default:
                return simple_object(value);
        }
    }

    static std::string simple_object(const Value& value) {
        switch (value.type()) {
            case Type::kRange: {
                const auto& range = value.as<Range>();
                return range.step == 1 ? fmt::format("{}..{}", range.begin, range.end)
                                       : fmt::format("range({}, {}, {})", range.begin, range.end, range.step);
            }
            case Type::kFunction:
                return fmt::format("<fn {}>", value.as<Closure>().function->name);
            case Type::kMethod:
                return "<method>";
            case Type::kNative:
                return fmt::format("<fn {}>", value.as<Native>().name);
            case Type::kClass:
                return fmt::format("<class {}>", value.as<Class>().name);
            case Type::kInstance:
                return fmt::format("<{}>", value.as<Instance>().cls->name);
            case Type::kModule:
                return fmt::format("<module {}>", value.as<Module>().name);
            case Type::kHostObject:
                return fmt::format("<{}>", static_cast<const HostObject*>(value.as_object())->type_name());
            case Type::kSymbol:
                return value.as<Symbol>().name;
            case Type::kError:
                return value.as<ErrorObject>().error.message;
            default:
                return "<internal>";
        }
    }

    template <class Items, class One>
    std::string listed(const Items& items, std::string_view open, std::string_view close, One one) {
        std::string out(open);
        for (const auto& item : items) {
            std::string text = one(item);
            if (text.empty()) continue;
            if (out.size() > open.size()) out += ", ";
            out += text;
            if (left_ == 0) break;
        }
        return out += close;
    }

    std::size_t left_ = kMaxText;
    int depth_ = 0;
};

class Comparison {
  public:
    bool equal(const Value& a, const Value& b) {
        if (a.is(Type::kInt) && b.is(Type::kFloat)) return static_cast<double>(a.as_int()) == b.as_float();
        if (a.is(Type::kFloat) && b.is(Type::kInt)) return a.as_float() == static_cast<double>(b.as_int());
        if (a.type() != b.type()) return false;
        if (a.is(Type::kFloat)) return a.as_float() == b.as_float();
        if (!a.is_object()) return a.as_int() == b.as_int();
        if (a.as_object() == b.as_object()) return true;
        if (depth_ > kMaxNesting || left_ == 0) return false;
        --left_;
        ++depth_;
        bool result = objects(a, b);
        --depth_;
        return result;
    }

  private:
    bool objects(const Value& a, const Value& b) {
        switch (a.type()) {
            case Type::kString:
                return a.as<String>().text == b.as<String>().text;
            case Type::kSymbol:
                return a.as<Symbol>().name == b.as<Symbol>().name;
            case Type::kArray:
                return items(a.as<Array>().items, b.as<Array>().items);
            case Type::kTuple:
                return items(a.as<Tuple>().items, b.as<Tuple>().items);
            case Type::kMap:
                return maps(a.as<Map>(), b.as<Map>());
            case Type::kRange:
                return ranges(a.as<Range>(), b.as<Range>());
            case Type::kRecord:
                return records(a.as<Record>(), b.as<Record>());
            default:
                return false;
        }
    }

    bool items(const std::vector<Value>& a, const std::vector<Value>& b) {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!equal(a[i], b[i])) return false;
        }
        return true;
    }

    bool maps(const Map& a, Map& b) {
        if (a.size() != b.size()) return false;
        for (const Map::Entry& entry : a.entries()) {
            if (entry.key.is(Type::kUnset)) continue;
            const Value* other = b.find(entry.key);
            if (!other || !equal(entry.value, *other)) return false;
        }
        return true;
    }

    bool records(const Record& a, const Record& b) {
        if (a.name != b.name || a.fields.size() != b.fields.size()) return false;
        for (std::size_t i = 0; i < a.fields.size(); ++i) {
            if (a.fields[i].name != b.fields[i].name || !equal(a.fields[i].value, b.fields[i].value)) return false;
        }
        return true;
    }

    static bool ranges(const Range& a, const Range& b) {
        return a.begin == b.begin && a.end == b.end && a.step == b.step;
    }

    std::size_t left_ = kMaxComparisons;
    int depth_ = 0;
};

constexpr std::string_view kTypeNames[] = {
    "unset",  "null",   "bool",   "int",    "float",  "size",     "time",     "rate",     "frequency",
    "string", "array",  "map",    "tuple",  "range",  "function", "function", "function", "class",
    "object", "module", "object", "symbol", "record", "error",    "iterator", "cell"};

}  // namespace

std::string_view type_name(Type type) {
    return kTypeNames[static_cast<std::size_t>(type)];
}

std::string to_text(const Value& value) {
    return value.is(Type::kString) ? std::string(value.as<String>().text) : Writer().write(value);
}

void append_text(std::string& out, const Value& value) {
    if (value.is(Type::kString)) {
        out += value.as<String>().text;
    } else if (value.is(Type::kInt)) {
        fmt::format_int digits(value.as_int());
        out.append(digits.data(), digits.size());
    } else {
        out += to_text(value);
    }
}

std::string to_source(const Value& value) {
    return Writer().write(value);
}

bool equal(const Value& a, const Value& b) {
    return Comparison().equal(a, b);
}

bool truthy(const Value& value) {
    switch (value.type()) {
        case Type::kUnset:
        case Type::kNull:
            return false;
        case Type::kFloat:
            return value.as_float() != 0;
        case Type::kString:
            return !value.as<String>().text.empty();
        case Type::kArray:
            return !value.as<Array>().items.empty();
        case Type::kTuple:
            return !value.as<Tuple>().items.empty();
        case Type::kMap:
            return value.as<Map>().size() != 0;
        case Type::kRange:
            return value.as<Range>().length() != 0;
        default:
            return value.is_object() || value.as_int() != 0;
    }
}

}  // namespace nyx::script
