#include <doctest/doctest.h>

#include "runtime/cli/accelerator.h"
#include "runtime/cli/boot_source.h"
#include "runtime/cli/escape_key.h"
#include "runtime/cli/host_report.h"

using namespace nyx;
using namespace nyx::cli;

TEST_CASE("Ctrl-A is an escape, also when its letter comes later") {
    int left = 0;
    int helped = 0;
    EscapeKey keys({[&] { ++left; }, [&] { ++helped; }});
    CHECK(keys.filter(as_bytes("ab\001")) == Bytes{'a', 'b'});
    CHECK(keys.filter(as_bytes("hc")) == Bytes{'c'});
    CHECK(helped == 1);
    CHECK(keys.filter(as_bytes("\001a\001\001\001?z")) == Bytes{1, 1, 'z'});
    CHECK(left == 0);
    CHECK(keys.filter(as_bytes("\001x")).empty());
    CHECK(left == 1);
}

TEST_CASE("what nyx boot asks for becomes a machine in Nyx") {
    BootRequest request;
    request.binary = "/tmp/guest.bin";
    request.entry = "0x100000";
    request.mode = "16";
    request.memory = "128M";
    request.cpus = 2;
    auto text = boot_source(request);
    REQUIRE(text);
    CHECK(text->find("memory = 128 MiB") != std::string::npos);
    CHECK(text->find("cpus   = 2") != std::string::npos);
    CHECK(text->find("flat(image: \"/tmp/guest.bin\", load: 0x100000, entry: 0x100000, mode: real16)") !=
          std::string::npos);
    request = {};
    request.kernel = "/tmp/a \"b\"";
    request.cmdline = "x=${y}";
    text = boot_source(request);
    REQUIRE(text);
    CHECK(text->find("kernel: \"/tmp/a \\\"b\\\"\"") != std::string::npos);
    CHECK(text->find("cmdline: \"x=\\${y}\"") != std::string::npos);
    for (const char* wrong : {"", "M", "12Q", "-1", "1.5G"}) {
        request.memory = wrong;
        CHECK(!boot_source(request));
    }
}

TEST_CASE("the doctor judges a host without KVM, one without permission, and one without VT-x") {
    HostFacts facts;
    facts.architecture = "x86_64";
    facts.memory_available_bytes = std::uint64_t{8} << 30;
    facts.kvm_error = Error{ErrorCode::kPermission, "open /dev/kvm: Permission denied", "join the group"};
    auto findings = examine(facts, true);
    CHECK(can_run(findings));
    CHECK(findings_text(findings).find("fix: join the group") != std::string::npos);
    CHECK(findings_text(findings).find("machines run on `soft` here: this host has no usable KVM") !=
          std::string::npos);
    facts.kvm_error = Error{ErrorCode::kNotFound, "open /dev/kvm: No such file or directory", "load the module"};
    CHECK(findings_text(examine(facts, true)).find("no VT-x or AMD-V") != std::string::npos);
    facts.kvm_error.reset();
    facts.host_kind = kvm::HostKind::kPvm;
    findings = examine(facts, false);
    CHECK(can_run(findings));
    CHECK(findings_text(findings).find("kvm_pvm") != std::string::npos);
    CHECK(findings_text(findings).find("machines run on `soft`") != std::string::npos);
    CHECK(findings_text(findings).find("nyxc was not found") != std::string::npos);
    CHECK(findings_text(findings).find("hide") == std::string::npos);
    facts.unhidable.emplace();
    CHECK(findings_text(examine(facts, true)).find("are hidden from its guest") != std::string::npos);
    facts.unhidable->emplace_back("avx2");
    CHECK(findings_text(examine(facts, true)).find("- avx2") != std::string::npos);
    CHECK(facts_json(facts)["kvm"]["cpuid_unhidable"] == nlohmann::json{"avx2"});
    CHECK(prefer(kvm::HostKind::kHardware).name == "kvm");
    CHECK(prefer(kvm::HostKind::kNested).name == "kvm");
    const std::string soft = findings_text({preference_finding("web", {"soft", ""}, facts)});
    CHECK(soft.find("machine web runs on `soft` here: the machine prefers it") != std::string::npos);
    const std::string kvm = findings_text({preference_finding("web", {"kvm", "user"}, facts)});
    CHECK(kvm.find("note     machine web runs on `kvm`") != std::string::npos);
    CHECK(kvm.find("interrupt controllers of nyx") != std::string::npos);
    facts.trial_error = Error{ErrorCode::kUnsupported, "no", "see dmesg"};
    CHECK(!can_run(examine(facts, true)));
    CHECK(findings_json(examine(facts, true))["can_run"] == false);
}

TEST_CASE("the doctor says whether the software CPU compiles, whatever runs machines here") {
    HostFacts facts;
    facts.architecture = "x86_64";
    facts.memory_available_bytes = std::uint64_t{8} << 30;
    for (kvm::HostKind kind : {kvm::HostKind::kHardware, kvm::HostKind::kPvm}) {
        facts.host_kind = kind;
        facts.compiles_soft = true;
        CHECK(findings_text(examine(facts, true)).find("ok       the software CPU (`soft`) compiles") !=
              std::string::npos);
        facts.compiles_soft = false;
        const std::string without = findings_text(examine(facts, true));
        CHECK(without.find("note     the software CPU (`soft`) only interprets guest code: "
                           "lib/nyx/libnyx_soft_llvm.so is not installed") != std::string::npos);
        CHECK(without.find("fix: install the whole of Nyx") != std::string::npos);
        CHECK(can_run(examine(facts, true)));
    }
}

TEST_CASE("hot code is compiled where that is installed, and where it is not that is said unless nobody wants it") {
    struct Case {
        const char* asked;
        bool has_compiler, compiles, warns, notes;
    };
    for (const Case& one :
         {Case{"", true, true, false, false}, Case{"", false, false, false, true},
          Case{"llvm", true, true, false, false}, Case{"llvm", false, false, true, false},
          Case{"interpreter", true, false, false, false}, Case{"interpreter", false, false, false, false}}) {
        CAPTURE(one.asked);
        const TierDecision tier = decide_tier(one.asked, one.has_compiler);
        CHECK(tier.compiles == one.compiles);
        CHECK(tier.warning.empty() != one.warns);
        CHECK(tier.note.empty() != one.notes);
    }
    CHECK(decide_tier("", false).note.find("lib/nyx/libnyx_soft_llvm.so") != std::string_view::npos);
}

TEST_CASE("who decides what runs a machine: the command line, the machine, the host") {
    using kvm::HostKind;
    CHECK(decide("", "", HostKind::kHardware).name == "kvm");
    CHECK(decide("", "", HostKind::kPvm).name == "soft");
    CHECK(decide("", "", std::nullopt).name == "soft");
    CHECK(decide("", "soft", HostKind::kHardware).name == "soft");
    CHECK(decide("", "soft", HostKind::kHardware).warning.empty());
    CHECK(decide("", "kvm", HostKind::kNested).warning.empty());
    CHECK(decide("", "kvm", HostKind::kPvm).name == "kvm");
    CHECK(!decide("", "kvm", HostKind::kPvm).warning.empty());
    const Decision without = decide("", "kvm", std::nullopt);
    CHECK(without.name == "soft");
    CHECK(without.warning.find("no usable KVM") != std::string::npos);
    CHECK(decide("kvm", "soft", HostKind::kPvm).name == "kvm");
    CHECK(decide("soft", "kvm", HostKind::kHardware).name == "soft");
    CHECK(decide("auto", "soft", HostKind::kHardware).name == "kvm");
    CHECK(decide("auto", "kvm", HostKind::kPvm).name == "soft");
    CHECK(decide("auto", "kvm", std::nullopt).warning.empty());
    auto chosen = choose_accelerator({"soft", "kernel"}, {});
    REQUIRE(chosen);
    CHECK(chosen->warning.find("for kvm") != std::string::npos);
    CHECK(choose_accelerator({"soft", "user"}, {"kvm", ""})->hypervisor->name() == "soft");
    CHECK(choose_accelerator({"", ""}, {"soft", ""})->hypervisor->name() == "soft");
}
