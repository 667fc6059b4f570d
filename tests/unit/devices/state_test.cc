#include <doctest/doctest.h>

#include "devices/kit/state.h"

using namespace nyx;
using namespace nyx::dev;

namespace {
struct Old {
    std::uint8_t a = 1;
    bool b = false;
};
struct New : Old {
    std::uint32_t c = 77;
    ByteFifo<4> queue;
    std::array<std::uint8_t, 3> ram{};
};
template <class Io, class S>
void old_fields(Io& io, S& s) {
    io.field(1, s.a);
    io.field(2, s.b);
}
template <class Io, class S>
void new_fields(Io& io, S& s) {
    old_fields(io, s);
    io.field(5, s.c);
    io.field(6, s.queue);
    io.field(7, s.ram);
}
}  // namespace

static std::vector<StateField> saved_new() {
    New s;
    s.a = 9;
    s.b = true;
    s.c = 0x01020304;
    s.queue.push(5);
    s.ram = {1, 2, 3};
    StateWriter writer;
    new_fields(writer, s);
    return writer.take();
}

TEST_CASE("state: what was written comes back") {
    auto fields = saved_new();
    StateReader reader(fields);
    New s;
    s.queue.push(99);
    new_fields(reader, s);
    REQUIRE(reader.finish());
    CHECK(s.a == 9);
    CHECK(s.b);
    CHECK(s.c == 0x01020304);
    CHECK(s.queue.bytes() == Bytes{5});
    CHECK(s.ram[2] == 3);
}

TEST_CASE("state: a missing field takes the default, an unknown one is refused") {
    StateWriter writer;
    Old old{3, true};
    old_fields(writer, old);
    auto fields = writer.take();
    StateReader reader(fields);
    New s;
    new_fields(reader, s);
    CHECK(reader.finish());
    CHECK(s.a == 3);
    CHECK(s.c == 77);

    auto newer = saved_new();
    StateReader older(newer);
    old_fields(older, old);
    CHECK(!older.finish());
}

TEST_CASE("state: wrong sizes, wrong truth values and repeated ids are refused") {
    auto refused = [](auto change) {
        auto fields = saved_new();
        change(fields);
        StateReader reader(fields);
        New s;
        new_fields(reader, s);
        return !reader.finish();
    };
    CHECK(refused([](auto& f) { f[0].value.push_back(0); }));
    CHECK(refused([](auto& f) { f[1].value[0] = 2; }));
    CHECK(refused([](auto& f) { f[3].value.assign(5, 0); }));
    CHECK(refused([](auto& f) { f[4].value.pop_back(); }));
    CHECK(refused([](auto& f) { f.push_back(f[0]); }));
    CHECK(!refused([](auto&) {}));
}

TEST_CASE("state: a unit's bytes decode to the same unit, and nothing else does") {
    StateUnit unit{"com1", "serial", 3, saved_new()};
    Bytes bytes = encode_state(unit);
    auto back = decode_state(bytes);
    REQUIRE(back);
    CHECK(*back == unit);
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK(!decode_state(ByteView(bytes).first(size)));
    bytes.push_back(0);
    CHECK(!decode_state(bytes));
}

TEST_CASE("state: the layout is as documented") {
    Bytes bytes = encode_state({"a", "bc", 7, {{1, {0xAA}}}});
    CHECK(bytes == Bytes{1, 0, 'a', 2, 0, 'b', 'c', 7, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0xAA});
}

TEST_CASE("state: any change of a unit's bytes is refused or is another unit, never a crash") {
    Bytes good = encode_state({"com1", "serial", 3, saved_new()});
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            Bytes bad = good;
            bad[at] ^= static_cast<std::uint8_t>(1 << bit);
            if (auto unit = decode_state(bad)) CHECK(encode_state(*unit) == bad);
        }
    }
}
