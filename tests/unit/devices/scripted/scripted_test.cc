#include "devices/scripted/scripted.h"

#include <doctest/doctest.h>

#include "class_bench.h"
#include "devices/scripted/plain_value.h"

using namespace nyx;
using test::Bench;

TEST_CASE("accesses are calls of the class, with absolute addresses and widths where it wants them") {
    Bench bench(
        "base: int = 0; window: int = 0; irq: int = 0; step: int = 0; last = 0\n"
        "fn io_read(self, port: int) { return (port - self.base) * 100 + self.step }\n"
        "fn io_write(self, port: int, value: int, width: int) { self.last = value * 10 + width }\n"
        "fn mmio_read(self, addr: int, width: int) { return self.last + addr - self.window + width }");
    CHECK(bench.read(2) == 203);
    CHECK(bench.read(3) == (303 & 0xFF));
    CHECK(bench.read(3, 2) == 303);
    bench.write(0, 7, 4);
    CHECK(bench.device().read({1, 8, 8}) == 74 + 8 + 8);
    CHECK(bench.device().select({0, 0, 1}, true) == 0);
    CHECK(bench.device().select({1, 0, 1}, true) == dev::kNoRegister);  // it has no mmio_write
    bench.device().write({1, 0, 1}, 1);
    CHECK(bench.device().read({1, 0, 4}) == 74 + 4);
}

TEST_CASE("init is given the parameters that it names") {
    Bench bench(
        "sum = 0\nfn init(self, base: int, more: int = 1, irq: int = 0) { self.sum = base + more + irq }\n"
        "fn io_read(self, port: int) { return self.sum }");
    CHECK(bench.read(0, 2) == 0x500 + 1 + 5);
    Bench wants("fn init(self, colour: string) { }");
    auto made = wants.make();
    REQUIRE_FALSE(made);
    CHECK(made.error().message == "device 'one': Gadget.init needs `colour`, which the device does not have");
}

TEST_CASE("lines follow what the class raises and lowers") {
    Bench bench(
        "irq: int = 0\nfn io_write(self, port: int, value: int) { self.raise_irq(self.irq) }\n"
        "fn io_read(self, port: int) { self.lower_irq(self.irq); return 0 }");
    bench.write(0, 1);
    CHECK(bench.line.asserted);
    CHECK(bench.read(0) == 0);
    CHECK_FALSE(bench.line.asserted);
    bench.write(0, 1);
    bench.device().reset();
    CHECK_FALSE(bench.line.asserted);
}

TEST_CASE("mistakes and guests that will not end read as all ones, and the device goes on") {
    Bench bench(
        "count = 0; list: array<int> = []\n"
        "fn io_read(self, port: int) {\n"
        "    self.count += 1\n"
        "    if port == 0x500 { return self.list[3] }\n"
        "    if port == 0x501 { while true { } }\n"
        "    if port == 0x502 { return \"text\" }\n"
        "    return self.count\n"
        "}\n"
        "fn io_write(self, port: int, value: int) { while true { self.list.push(value) } }");
    CHECK(bench.read(0) == 0xFF);
    CHECK(bench.read(1, 2) == 0xFFFF);
    CHECK(bench.read(2) == 0xFF);
    bench.write(0, 1);
    CHECK(bench.read(3) == 4);
    bench.device().reset();
    CHECK(bench.read(3) == 1);
}

TEST_CASE("plain fields are saved by their names, and what is no field or no value is refused") {
    const std::string body =
        "count = 0; name = \"x\"; list: array<any> = []; table: map<string, int> = {}; callback = null; irq: int = 0\n"
        "fn init(self) { self.callback = fn() { return 1 } }\n"
        "fn io_write(self, port: int, value: int) {\n"
        "    self.count += value; self.list.push((value, 1.5, null, true)); self.table[\"n\"] = value\n"
        "    self.raise_irq(self.irq)\n"
        "}\n"
        "fn io_read(self, port: int) {\n"
        "    if port == 0x500 { return self.count }\n"
        "    if port == 0x501 { return len(self.list) }\n"
        "    if port == 0x502 { return self.table[\"n\"] }\n"
        "    return self.callback()\n"
        "}";
    Bench bench(body);
    bench.write(0, 20);
    bench.write(0, 22);
    const dev::StateUnit saved = dev::save_device("one", "gadget", bench.device());
    CHECK(bench.device().state_name(saved.fields[0].id) == "irq_lines");
    Bench other(body);
    REQUIRE(dev::restore_device("one", "gadget", other.device(), saved));
    CHECK(other.line.asserted);
    CHECK(other.read(0) == 42);
    CHECK(other.read(1) == 2);
    CHECK(other.read(2) == 22);
    CHECK(other.read(3) == 1);
    CHECK(dev::save_device("one", "gadget", other.device()) == saved);
    for (std::size_t i = 0; i < saved.fields.size(); ++i) {
        dev::StateUnit bad = saved;
        bad.fields[i].value.push_back(0);
        CHECK_FALSE(dev::restore_device("one", "gadget", other.device(), bad));
        bad.fields[i].value = {'n', 'o', 0, 0};
        CHECK_FALSE(dev::restore_device("one", "gadget", other.device(), bad));
        bad.fields[i].value = {};
        CHECK_FALSE(dev::restore_device("one", "gadget", other.device(), bad));
    }
    CHECK(other.read(0) == 42);
}

TEST_CASE("any bytes are a plain value or none") {
    script::Heap heap;
    const Bytes deep(100, static_cast<std::uint8_t>(script::Type::kArray));
    CHECK_FALSE(dev::scripted::read_plain(heap, deep));
    for (unsigned first = 0; first < 256; ++first) {
        for (std::size_t size = 0; size < 12; ++size) {
            Bytes bytes{static_cast<std::uint8_t>(first)};
            bytes.resize(1 + size, 1);
            const auto value = dev::scripted::read_plain(heap, bytes);
            Bytes again;
            if (value) REQUIRE(dev::scripted::append_plain(again, *value));
            if (value) CHECK(again == bytes);
        }
    }
}
