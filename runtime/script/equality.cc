// ==: the same text, number or contents.
#include "runtime/script/objects.h"
#include "runtime/script/value.h"

namespace nyx::script {

namespace {

constexpr int kMaxNesting = 200;
constexpr std::size_t kMaxComparisons = std::size_t{16} << 20;

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

}  // namespace

bool equal(const Value& a, const Value& b) {
    return Comparison().equal(a, b);
}

}  // namespace nyx::script
