#include <doctest/doctest.h>

#include "runtime/script/code_points.h"
#include "runtime/script/format.h"
#include "runtime/script/heap.h"
#include "runtime/script/objects.h"

using namespace nyx::script;
using nyx::Span;

TEST_CASE("text is counted in code points, whatever stands at the edges of eight bytes") {
    std::string text;
    std::size_t points = 0;
    for (const char* part : {"a", "\xC3\xA4", "\xE2\x82\xAC", "", "bcdefgh", "\xF0\x9F\x98\x80", "x\x7F"}) {
        for (int i = 0; i < 9; ++i) {
            text += part;
            for (const char* c = part; *c != 0; ++c)
                points += (static_cast<unsigned char>(*c) & 0xC0) != 0x80 ? 1u : 0u;
            CHECK(text_length(text) == points);
        }
    }
}

TEST_CASE("text of values") {
    Heap heap;
    CHECK(to_text(Value()) == "null");
    CHECK(to_text(Value::floating(2)) == "2.0");
    CHECK(to_text(Value::floating(0.1)) == "0.1");
    CHECK(to_text(Value::quantity(Type::kSize, 0)) == "0 B");
    CHECK(to_text(Value::quantity(Type::kSize, 3 << 20)) == "3 MiB");
    CHECK(to_text(Value::quantity(Type::kTime, 1'500'000'000)) == "1500 ms");
    CHECK(to_text(heap.string("a\"b")) == "a\"b");
    CHECK(to_source(heap.string("a\"b\n")) == "\"a\\\"b\\n\"");
    auto* record = heap.make<Record>("linux", Span{}, Span{});
    record->fields.push_back({"kernel", heap.string("vmlinuz"), {}, {}});
    record->fields.push_back({"", heap.make<Symbol>("fast", Span{}), {}, {}});
    CHECK(to_source(record) == "linux(kernel: \"vmlinuz\", fast)");
}

TEST_CASE("text and equality of a structure that shares its parts end") {
    Heap heap;
    auto doubled = [&heap] {
        Value value = heap.string("x");
        for (int i = 0; i < 60; ++i) value = heap.make<Array>(std::vector<Value>{value, value});
        return value;
    };
    Value a = doubled();
    Value b = doubled();
    CHECK(to_text(a).size() < (std::size_t{64} << 20));
    (void)equal(a, b);  // what it says is not the point; that it comes back is
}

TEST_CASE("equality") {
    Heap heap;
    CHECK(equal(Value::integer(1), Value::floating(1)));
    CHECK(!equal(Value::integer(1), Value::boolean(true)));
    CHECK(!equal(Value::quantity(Type::kSize, 1), Value::integer(1)));
    CHECK(!equal(Value::quantity(Type::kSize, 1), Value::quantity(Type::kTime, 1)));
    CHECK(equal(heap.string("a"), heap.string("a")));
    CHECK(equal(heap.make<Symbol>("a", Span{}), heap.make<Symbol>("a", Span{0, 1, 2})));
    CHECK(!equal(heap.string("a"), heap.make<Symbol>("a", Span{})));
}

TEST_CASE("a map keeps the order of insertion, through erasing and growth") {
    Heap heap;
    auto* map = heap.make<Map>();
    for (int i = 0; i < 1000; ++i) map->set(Value::integer(i), Value::integer(i * i));
    for (int i = 0; i < 1000; i += 2) CHECK(map->erase(Value::integer(i)));
    CHECK(!map->erase(Value::integer(0)));
    for (int i = 0; i < 10; ++i) map->set(Value::integer(i), Value::integer(-i));
    CHECK(map->size() == 505);
    CHECK(map->find(Value::integer(3))->as_int() == -3);
    CHECK(map->find(Value::integer(999))->as_int() == 998001);
    CHECK(map->find(Value::integer(998)) == nullptr);
    std::vector<std::int64_t> order;
    for (const Map::Entry& entry : map->entries()) {
        if (!entry.key.is(Type::kUnset)) order.push_back(entry.key.as_int());
    }
    CHECK(order.front() == 1);
    CHECK(order.back() == 8);
    map->set(Value::floating(3), Value());  // equal keys are one key
    CHECK(map->size() == 505);
}

TEST_CASE("ranges at the ends of the numbers") {
    Range all(INT64_MIN, INT64_MAX, 1);
    CHECK(all.length() == UINT64_MAX);
    CHECK(all.contains(0));
    CHECK(!all.contains(INT64_MAX));
    Range down(10, 0, -3);
    CHECK(down.length() == 4);
    CHECK(down.contains(1));
    CHECK(!down.contains(0));
    CHECK(Range(INT64_MAX, INT64_MIN, INT64_MIN).length() == 2);
    CHECK(Range(5, 5, 1).length() == 0);
}

TEST_CASE("a collection keeps what is reachable and pinned, cycles too, and nothing else") {
    Heap heap;
    auto* kept = heap.make<Array>();
    auto* pinned = heap.make<Array>();
    heap.pin(pinned);
    pinned->items.push_back(heap.string("inside"));
    kept->items.push_back(heap.make<Array>());
    kept->items[0].as<Array>().items.push_back(kept);
    auto* lost = heap.make<Array>();
    lost->items.push_back(lost);
    CHECK(heap.object_count() == 5);
    heap.collect([kept](Marker& marker) { marker.mark(kept); });
    CHECK(heap.object_count() == 4);
    heap.collect([](Marker&) {});
    CHECK(heap.object_count() == 2);
}

TEST_CASE("formats") {
    auto text = [](const Value& value, const char* spec) {
        auto result = format_value(value, spec);
        return result ? *result : "error: " + result.error().message;
    };
    CHECK(text(Value::integer(255), "#010x") == "0x000000ff");
    CHECK(text(Value::integer(-5), "05") == "-0005");
    CHECK(text(Value::integer(1234567), ",") == "1,234,567");
    CHECK(text(Value::integer(-1), "x") == "ffffffffffffffff");
    CHECK(text(Value::floating(2.5), "+.1f") == "+2.5");
    CHECK(text(Value::integer(7), "*^5") == "**7**");
    CHECK(text(Value::integer(7), "99999999999d") == "error: `99999999999d` is no format");
    CHECK(text(Value(), "d") == "error: format `d` does not go with null");
    const Value values[] = {Value::integer(1)};
    CHECK(!format_printf("%d %d", values));
    CHECK(!format_printf("none", values));
    CHECK(!format_printf("%y", values));
    CHECK(*format_printf("%3d%%", values) == "  1%");
}
