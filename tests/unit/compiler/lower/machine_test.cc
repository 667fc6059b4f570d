#include <doctest/doctest.h>

#include "run_script.h"
#include "runtime/base/file.h"

using namespace nyx;
using script::MachineConfig;
using script::Setting;
using test::run_script;

namespace {

std::string described(const MachineConfig& config) {
    std::string out = config.name;
    if (!config.base.empty()) out += " : " + config.base;
    auto add = [&out](const std::vector<Setting>& settings) {
        for (const Setting& one : settings) out += fmt::format(" {}={}", one.name, script::to_source(one.value));
    };
    add(config.settings);
    for (const script::DeviceConfig& device : config.devices) {
        out += fmt::format(" [{} {}", device.type, device.name);
        add(device.settings);
        out += "]";
    }
    return out;
}

std::string text_at(const test::Ran& ran, Span span) {
    return std::string(ran.sources->text(span));
}

constexpr const char* kWeb = R"(machine web : pc {
    """Front-end box."""
    memory = 2 GiB
    boot = linux(kernel: "vmlinuz", cmdline: "console=ttyS0")
    nic eth0 { model = virtio; backend = user(forward: [tcp(8080, 80)]) }
    serial com1 { }
    require memory >= 512 MiB, "needs half a gigabyte"
}
)";

}  // namespace

TEST_CASE("a machine block gives a configuration with the places that set it") {
    auto ran = run_script(kWeb);
    REQUIRE_MESSAGE(ran->sink.all().empty(), ran->finding(0));
    REQUIRE(ran->result.machines.size() == 1);
    const MachineConfig& web = *ran->result.machines[0];
    CHECK(described(web) ==
          "web : pc memory=2 GiB boot=linux(kernel: \"vmlinuz\", cmdline: \"console=ttyS0\")"
          " [nic eth0 model=virtio backend=user(forward: [tcp(8080, 80)])] [serial com1]");
    CHECK(web.doc == "Front-end box.");
    CHECK(text_at(*ran, web.where) == "web");
    CHECK(text_at(*ran, web.base_where) == "pc");
    CHECK(text_at(*ran, web.settings[0].where) == "2 GiB");
    CHECK(text_at(*ran, web.settings[0].name_where) == "memory");
    const auto& boot = web.settings[1].value.as<script::Record>();
    CHECK(text_at(*ran, boot.fields[0].where) == "\"vmlinuz\"");
    CHECK(text_at(*ran, boot.fields[0].name_where) == "kernel");
    CHECK(text_at(*ran, web.devices[0].where) == "nic eth0");
    CHECK(text_at(*ran, web.devices[0].settings[0].value.as<script::Symbol>().where) == "virtio");
}

TEST_CASE("a requirement reads the fields that the caller gives it") {
    auto ran = run_script(kWeb);
    const MachineConfig& web = *ran->result.machines.at(0);
    REQUIRE(web.requirements.size() == 1);
    CHECK(web.requirements[0].message == "needs half a gigabyte");
    CHECK(text_at(*ran, web.requirements[0].where) == "memory >= 512 MiB");
    auto check = [&](std::int64_t bytes) {
        auto result = ran->result.interpreter->call_with_fields(
            web.requirements[0].condition, [bytes](std::string_view name) -> std::optional<script::Value> {
                if (name != "memory") return std::nullopt;
                return script::Value::quantity(script::Type::kSize, bytes);
            });
        REQUIRE(result);
        return result->as_bool();
    };
    CHECK(check(std::int64_t{1} << 30));
    CHECK(!check(1 << 20));
}

TEST_CASE("loops, conditions, variables and own fields inside a machine") {
    auto ran = run_script(R"(big = true
count = 2
machine m {
    let base_port = 0x100
    memory = 1 GiB
    cmdline = "mem=${memory}"
    for i in 0..count { gpio { name = "g${i}"; base = base_port + i * 8 } }
    if big { cpus = 4 } else { cpus = 1 }
    cpus = 8
})");
    REQUIRE_MESSAGE(ran->sink.all().empty(), ran->finding(0));
    CHECK(described(*ran->result.machines.at(0)) ==
          "m memory=1 GiB cmdline=\"mem=1 GiB\" cpus=4 cpus=8 [gpio g0 base=256] [gpio g1 base=264]");
}

TEST_CASE("a name that is a machine's is a symbol in another, and a machine is a value in a script") {
    auto ran = run_script(
        "machine linux { boot = linux(kernel: \"k\") }\nprint(linux.name)\nlinux.run()\nprint(\"not here\")");
    REQUIRE_MESSAGE(ran->sink.all().empty(), ran->finding(0));
    CHECK(described(*ran->result.machines.at(0)) == "linux boot=linux(kernel: \"k\")");
    CHECK(ran->output == "linux\n");
    CHECK(ran->result.run == ran->result.machines[0]);
}

TEST_CASE("the run stage goes on after run() with its exit code") {
    class Fake final : public script::RunHooks {
      public:
        script::NativeResult run(script::Interpreter&, script::MachineObject& machine) override {
            ran = machine.config.name;
            return script::Value::integer(7);
        }
        std::string ran;
    };
    auto build = run_script("machine m { cpus = 1 }\ncode = m.run()\nprint(\"left with\", code)");
    REQUIRE_MESSAGE(build->sink.all().empty(), build->finding(0));
    CHECK(build->output.empty());
    auto decoded = script::decode(script::encode(build->program.code));
    REQUIRE(decoded);
    auto interpreter = script::Interpreter::create(*decoded, script::standard_natives());
    REQUIRE(interpreter);
    Fake fake;
    std::string output;
    (*interpreter)->on_run(&fake);
    (*interpreter)->on_print([&output](std::string_view part) { output += part; });
    REQUIRE((*interpreter)->run());
    CHECK(fake.ran == "m");
    CHECK(output == "left with 7\n");
}

TEST_CASE("the classic builder and a machine block say the same") {
    lower::FileLoader loader(NYX_STDLIB);
    auto classic = run_script(
        "vm = ProductionVMBuilder()\n    .name(\"web\")\n    .memory(2 GiB)\n    .cpus(2)\n"
        "    .linux(\"vmlinuz\", cmdline = \"quiet\")\n    .serial(name = \"com1\", backend = \"file:log\")\n    "
        ".build();\n"
        "exit_code = vm.run();\n",
        loader);
    REQUIRE_MESSAGE(classic->sink.all().empty(), classic->finding(0));
    auto block = run_script(
        "machine web { memory = 2 GiB; cpus = 2; boot = linux(kernel: \"vmlinuz\", cmdline: \"quiet\")\n"
        "serial com1 { backend = file(path: \"log\") } }",
        loader);
    REQUIRE_MESSAGE(block->sink.all().empty(), block->finding(0));
    REQUIRE(classic->result.run);
    CHECK(described(*classic->result.run) == described(*block->result.machines.back()));
    // Every place is the user's own call, not a line of stdlib.
    CHECK(text_at(*classic, classic->result.run->settings[0].where) == "memory(2 GiB)");
    CHECK(text_at(*classic, classic->result.run->devices[0].where) ==
          "serial(name = \"com1\", backend = \"file:log\")");
}

TEST_CASE("what this build cannot do is said at the user's place") {
    lower::FileLoader loader(NYX_STDLIB);
    auto ran = run_script("let vm = ProductionVMBuilder()\n    .memory(1 GiB)\n    .disk(\"guest.img\")\n    .build()",
                          loader);
    CHECK(ran->sink.all().empty());  // to check is not to build
    REQUIRE(ran->result.missing.size() == 1);
    CHECK(ran->result.missing[0].message == "this build of Nyx has no disks");
    CHECK(
        ran->sources->position(ran->result.missing[0].user_where.file, ran->result.missing[0].user_where.begin).line ==
        3);
    auto member = run_script("vm = ProductionVMBuilder().build()\nlet state = vm.snapshot()\nprint(state)\n", loader);
    CHECK(member->sink.all().empty());
    REQUIRE(member->result.missing.size() == 1);
    CHECK(member->result.missing[0].message == "this build of Nyx has no snapshots");
    auto call = run_script("import vm_tpm\nx = vm_tpm.TPM2_Device().execute_command(1)\nprint(x)\nprint(2)\n", loader);
    CHECK(call->sink.all().empty());
    CHECK(call->result.missing.size() == 1);
    CHECK(call->result.output == "2\n");
}

TEST_CASE("stdlib itself loads without a finding") {
    lower::FileLoader loader(NYX_STDLIB);
    auto ran = run_script("", loader);
    REQUIRE_MESSAGE(ran->sink.all().empty(), ran->finding(0));
    CHECK(ran->result.machines.size() >= 2);
    for (const MachineConfig* machine : ran->result.machines) CHECK(ran->sources->file(machine->where.file).is_stdlib);
}
