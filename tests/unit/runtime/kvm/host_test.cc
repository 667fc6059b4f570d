#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/system.h"

using namespace nyx;
using namespace nyx::kvm;
namespace fs = std::filesystem;

TEST_CASE("failures say what to do") {
    auto missing = System::open("/nonexistent/kvm");
    REQUIRE(!missing);
    CHECK(missing.error().code == ErrorCode::kNotFound);
    CHECK(missing.error().hint.find("modprobe") != std::string::npos);
    CHECK(explain("open /dev/kvm", EACCES).hint.find("kvm group") == std::string::npos);
    CHECK(explain("open /dev/kvm", EACCES).hint.find("usermod -aG kvm") != std::string::npos);
    CHECK(explain("KVM_CREATE_VM", EBUSY).hint.find("VirtualBox") != std::string::npos);
    CHECK(!explain("KVM_SET_REGS", EIO).hint.empty());
    auto other = System::open("/dev/null");
    REQUIRE(!other);
    CHECK(other.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("the kind of host is read from the KVM modules and CPUID") {
    std::string root = std::string(std::tmpnam(nullptr)) + ".nyx-host";
    CHECK(detect_host_kind(false, root) == HostKind::kHardware);
    CHECK(detect_host_kind(true, root) == HostKind::kNested);
    fs::create_directories(root + "/sys/module/kvm_pvm");
    CHECK(detect_host_kind(true, root) == HostKind::kPvm);
    CHECK(detect_host_kind(false, root) == HostKind::kPvm);
    fs::create_directories(root + "/sys/module/kvm_amd");
    CHECK(detect_host_kind(true, root) == HostKind::kNested);
    fs::remove_all(root);
}

TEST_CASE("this host's KVM answers") {
    auto system = System::open();
    if (!system) {
        std::printf("SKIPPED: no KVM here: %s\n", system.error().message.c_str());
        return;
    }
    CHECK(system->capability("irqchip") != 0);
    auto cpuid = system->supported_cpuid();
    REQUIRE(cpuid);
    CHECK(cpuid->size() > 5);
    CHECK(!feature_names(*cpuid).empty());
}
