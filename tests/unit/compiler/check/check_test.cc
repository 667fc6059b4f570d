#include "compiler/check/check.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "compiler/model/model_json.h"

#include "tests/unit/compiler/check/fixture.h"

namespace nyx::check {

using Strings = std::vector<std::string>;

namespace {

const model::Device& device(const model::Machine& machine, std::string_view name) {
    for (const model::Device& one : machine.devices) {
        if (one.name == name) return one;
    }
    FAIL("no device ", name);
    return machine.devices.front();
}

template <class T>
T field(const std::map<std::string, model::Field>& fields, const std::string& name) {
    return std::get<T>(fields.at(name).value);
}

}  // namespace

TEST_CASE("a small machine gets the board and the defaults, and knows where each value is from") {
    Program program("machine web {\n    memory = 2 GiB\n    boot = elf(\"kernel.elf\")\n    serial com1 { }\n}\n");
    REQUIRE(program.check().size() == 1);
    CHECK(program.sink.all().empty());
    const model::Machine& web = program.machines.front();
    CHECK(web.memory.value == std::uint64_t{2} << 30);
    CHECK(!web.memory.is_default);
    CHECK(program.text(web.memory.where) == "2 GiB");
    CHECK(web.cpus.value == 1);
    CHECK(web.cpus.is_default);
    CHECK(program.sources.file(web.cpus.where.file).path.ends_with("stdlib/machine.ny"));
    const auto& boot = std::get<model::BootElf>(web.boot.value);
    CHECK(boot.image.value.path == "dir/kernel.elf");
    CHECK(boot.image.value.written == "kernel.elf");
    CHECK(program.text(boot.image.where) == "\"kernel.elf\"");

    Strings names;
    for (const model::Device& one : web.devices) names.push_back(one.name);
    CHECK(names == Strings{"i8042", "rtc", "acpi_pm", "com1"});
    CHECK(device(web, "rtc").is_default);
    const model::Device& com1 = device(web, "com1");
    CHECK(!com1.is_default);
    REQUIRE(com1.resources.size() == 2);
    CHECK(com1.resources[0].candidates == std::vector<std::uint64_t>{0x3f8, 0x2f8, 0x3e8, 0x2e8});
    CHECK(com1.resources[0].size == 8);
    CHECK(com1.resources[1].follows == "base");
    CHECK(field<std::string>(com1.host, "backend") == "stdio");
    CHECK(com1.fields.empty());
}

TEST_CASE("how the host serves a device is kept apart, records and all") {
    Program program(
        "machine m { boot = elf(\"k\"); serial com1 { backend = file(\"log\"); base = 0x2f8 } debugcon { } }");
    REQUIRE(program.check().size() == 1);
    const model::Device& com1 = device(program.machines[0], "com1");
    CHECK(field<std::string>(com1.host, "backend") == "file");
    CHECK(field<std::string>(com1.host, "backend.path") == "log");
    CHECK(com1.resources[0].fixed->value == 0x2f8);
    CHECK(!com1.resources[0].fixed->is_default);
    const model::Device& console = device(program.machines[0], "debugcon");
    CHECK(field<std::int64_t>(console.fields, "readback") == 0xe9);
    CHECK(console.host.contains("backend"));
}

TEST_CASE("a processor profile is numbers") {
    Program program("machine m { boot = elf(\"k\"); cpu = x86_64_v2(without: [rdrand]) }");
    REQUIRE(program.check().size() == 1);
    const model::CpuProfile& cpu = program.machines[0].cpu.value;
    CHECK(cpu.name == "x86_64_v2");
    auto bits = [&](std::uint32_t leaf, char reg) {
        for (const auto& one : cpu.bits) {
            if (one.leaf == leaf && one.subleaf == 0 && one.reg == reg) return one;
        }
        return model::CpuidBits{};
    };
    // SSE4.2 is bit 20, CX16 bit 13; AVX bit 28, RDRAND bit 30.
    CHECK((bits(1, 'c').require & (1U << 20 | 1U << 13)) == (1U << 20 | 1U << 13));
    CHECK((bits(1, 'c').clear & (1U << 28 | 1U << 30)) == (1U << 28 | 1U << 30));
    CHECK((bits(1, 'c').clear & bits(1, 'c').require) == 0);
    CHECK((bits(7, 'b').clear & 1U << 5) != 0);  // AVX2
    REQUIRE(cpu.quirks.contains("kvm_pvm"));
    auto hides = [&](std::uint32_t leaf, std::uint32_t subleaf, char reg, std::uint32_t mask) {
        for (const auto& one : cpu.quirks.at("kvm_pvm")) {
            if (one.leaf == leaf && one.subleaf == subleaf && one.reg == reg) return (one.clear & mask) == mask;
        }
        return false;
    };
    CHECK(hides(1, 0, 'c', 1U << 13));          // CMPXCHG16B
    CHECK(hides(7, 0, 'b', 1U << 20));          // SMAP
    CHECK(hides(0xD, 1, 'a', 0xF));             // XSAVEOPT, XSAVEC, XGETBV1, XSAVES
    CHECK(hides(0x80000008, 0, 'b', 1U << 4));  // RDPRU
}

TEST_CASE("a model is printed with its units and places") {
    Program program("machine m {\n    boot = elf(\"k\")\n    memory = 1 GiB\n    serial com1 { backend = pty }\n}\n");
    REQUIRE(program.check().size() == 1);
    auto json = nlohmann::json::parse(model::to_json(program.machines[0], program.sources));
    CHECK(json["memory"] ==
          nlohmann::json{{"value", 1 << 30}, {"unit", "bytes"}, {"where", "dir/main.ny:3:14"}, {"default", false}});
    CHECK(json["cpus"]["default"] == true);
    CHECK(json["boot"]["value"]["image"]["value"] == "k");
    CHECK(json["devices"][3]["name"] == "com1");
    CHECK(json["devices"][3]["host"]["backend"]["value"] == "pty");
    CHECK(json["devices"][3]["resources"][0]["candidates"][1] == 0x2f8);
}

TEST_CASE("every mistake of a file is found at its place, once") {
    Program program(R"(machine web {
    memroy = 2 GiB
    cpus = "two"
    memory = 0
    pit = 1
    boot = linux(kernal: "vmlinuz")
    acpi = true
    acpi = false
    serial com1 { irq = "four"; backend = pty; bese = 1 }
    serial com1 { }
    floppy a { }
    cpu = x86_64_v9
    debugcon { readback = 256 }
}
)");
    CHECK(program.check().empty());
    CHECK(program.findings() == Strings{"NY0501 2:5", "NY0502 3:12", "NY0504 4:14", "NY0502 5:11", "NY0508 6:18",
                                        "NY0506 8:5", "NY0502 9:25", "NY0501 9:48", "NY0223 10:5", "NY0505 11:5",
                                        "NY0509 12:11", "NY0504 13:27"});
    // Reading the fix off a message.
    CHECK(program.sink.sorted()[0].fixes.at(0).edits.at(0).replacement == "memory");
}

TEST_CASE("units and choices") {
    Program program(R"(machine m {
    boot = flat("a.bin", entry: 0x7c00, mode: real17)
    cpus = 1 MiB
    cpu = host(without: [avx, avy])
}
)");
    CHECK(program.check().empty());
    CHECK(program.findings() == Strings{"NY0509 2:47", "NY0503 3:12", "NY0509 4:31"});
}

TEST_CASE("a machine without a boot is told so, a template is not") {
    Program program("machine base { memory = 1 GiB }\nmachine web : base { boot = elf(\"k\") }\nmachine other { }\n");
    REQUIRE(program.check().size() == 1);
    CHECK(program.machines[0].name == "web");
    CHECK(program.machines[0].memory.value == std::uint64_t{1} << 30);
    CHECK(program.findings() == Strings{"NY0507 3:9"});
}

TEST_CASE("devices merge by name, and settings override") {
    Program program(R"(machine web { boot = elf("k"); serial com1 { irq = 10; base = 0x2f8 } serial { backend = none } }
machine staging : web { serial com1 { irq = 11 } rtc { irq = 5 } }
machine bare : none { boot = elf("k") }
)");
    REQUIRE(program.check().size() == 3);
    CHECK(program.sink.all().empty());
    const model::Machine& staging = program.machines[1];
    CHECK(staging.devices.size() == 5);
    CHECK(device(staging, "com1").resources[1].fixed->value == 11);
    CHECK(device(staging, "com1").resources[0].fixed->value == 0x2f8);
    CHECK(device(staging, "serial0").host.contains("backend"));
    CHECK(!device(staging, "rtc").is_default);
    CHECK(device(staging, "rtc").resources[1].fixed->value == 5);
    CHECK(program.machines[2].devices.empty());
}

TEST_CASE("bases that are missing or circular, and names that are taken") {
    Program program(R"(machine a : b { }
machine b : a { }
machine c : webb { }
machine web { boot = elf("k"); serial com1 { } }
machine web { }
machine pc { }
machine d : d { }
machine e : web { debugcon com1 { } }
)");
    program.check();
    CHECK(program.findings() ==
          Strings{"NY0221 1:13", "NY0220 3:13", "NY0222 5:9", "NY0222 6:9", "NY0221 7:13", "NY0510 8:19"});
    CHECK(program.machines.size() == 1);
}

TEST_CASE("a requirement that is not met shows what the condition read") {
    Program program("machine m {\n    boot = elf(\"k\")\n    memory = 268435456\n    require memory\n}\n");
    script::Value seen;
    program.evaluate = [&](const script::Value&, const FieldReader& fields) -> Evaluated {
        seen = fields("memory").value();
        CHECK(fields("rtc").value().is(script::Type::kMap));
        CHECK(!fields("nothing"));
        CHECK(fields("cpus"));
        return {script::Value::boolean(false)};
    };
    CHECK(program.check().empty());
    CHECK(seen.is(script::Type::kSize));
    REQUIRE(program.findings() == Strings{"NY0511 4:13"});
    const auto& finding = program.sink.all().front();
    CHECK(finding.message == "told so");
    REQUIRE(finding.labels.size() == 1);
    CHECK(finding.labels[0].text == "`memory` is 256 MiB");
    CHECK(finding.notes == Strings{"`cpus` is 1, the default"});
}

TEST_CASE("schemas are stdlib's, and a mistake in one is found") {
    Program foreign("schema floppy : device { }");
    CHECK(foreign.findings() == Strings{"NY0514 1:8"});
    Program bad("", {"schema floppy : device {\n a: sise = 1\n b: int(9..1) = 1\n b2: int\n c: list = 1\n d = 4\n}\n"
                     "schema x : y { }\n"});
    CHECK(bad.findings() == Strings{"NY0513 2:5", "NY0513 3:5", "NY0513 5:5", "NY0513 6:2", "NY0513 8:12"});
}

}  // namespace nyx::check
