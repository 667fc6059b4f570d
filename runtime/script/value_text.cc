// Text of any value, as print() shows it and as it would be written in source.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/script/objects.h"
#include "runtime/script/program.h"
#include "runtime/script/scalar_text.h"
#include "runtime/script/value.h"

namespace nyx::script {

namespace {

constexpr int kMaxNesting = 200;
// A structure that shares its parts may be exponentially larger as text than in memory.
constexpr std::size_t kMaxText = std::size_t{16} << 20;

std::string range_text(const Range& range) {
    return range.step == 1 ? fmt::format("{}..{}", range.begin, range.end)
                           : fmt::format("range({}, {}, {})", range.begin, range.end, range.step);
}

// Of objects whose text shows no other value.
std::string simple_object(const Value& value) {
    switch (value.type()) {
        case Type::kRange:
            return range_text(value.as<Range>());
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

}  // namespace

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

}  // namespace nyx::script
