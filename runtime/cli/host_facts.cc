#include "runtime/cli/host_facts.h"

#include <sys/utsname.h>

#include <fstream>
#include <thread>

#include "runtime/hv/guest_ram.h"
#include "runtime/kvm/vm.h"
#include "runtime/soft/vm/hypervisor.h"

namespace nyx::cli {
namespace {

using nlohmann::json;

// The value of the first line "key<blanks>: value" or "key: value".
std::string line_value(const char* path, std::string_view key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(key)) continue;
        std::size_t start = line.find_first_not_of(" \t", line.find(':') + 1);
        return start == std::string::npos ? "" : line.substr(start);
    }
    return "";
}

std::uint64_t meminfo_bytes(std::string_view key) {
    std::string text = line_value("/proc/meminfo", key);  // "24567 kB"
    return text.empty() ? 0 : std::strtoull(text.c_str(), nullptr, 10) * 1024;
}

std::string virtualisation_flag() {
    std::string flags = " " + line_value("/proc/cpuinfo", "flags") + " ";
    for (const char* flag : {"vmx", "svm"})
        if (flags.find(fmt::format(" {} ", flag)) != std::string::npos) return flag;
    return "";
}

struct Nobody final : hv::ExitServer {
    bool serve(hv::Exit&) override { return false; }
};

// out 0xE9, al in real mode at address 0: the smallest proof that a guest runs.
Status try_guest(const kvm::System& system) {
    constexpr std::uint64_t kPage = 4096;
    constexpr std::uint64_t kScratch = 0xFEFFC000;
    constexpr std::uint16_t kPort = 0xE9;
    NYX_ASSIGN(hv::GuestRam ram, hv::GuestRam::create(kPage, false));
    ram.data()[0] = 0xE6;
    ram.data()[1] = kPort;
    NYX_ASSIGN(std::unique_ptr<kvm::Vm> vm, kvm::Vm::create(system, {1, kScratch, false}));
    NYX_TRY(vm->map_memory({0, kPage}, ram.data(), false));
    NYX_ASSIGN(std::unique_ptr<hv::Vcpu> vcpu, vm->create_vcpu(0, {}));
    NYX_ASSIGN(hv::CpuState state, vcpu->state());
    state.system.cs.base = 0;
    state.system.cs.selector = 0;
    state.general.rip = 0;
    NYX_TRY(vcpu->set_state(state));
    Nobody nobody;
    NYX_ASSIGN(hv::Exit exit, vcpu->run(nobody));
    const auto* io = std::get_if<hv::IoExit>(&exit);
    if (io != nullptr && io->port == kPort) return {};
    return fail(Error{ErrorCode::kUnsupported,
                      fmt::format("a test guest of one instruction ended with {}", hv::exit_name(exit)),
                      "KVM is there but does not run guests: see the kernel log (dmesg)"});
}

void gather_kvm(HostFacts& facts, const std::string& device) {
    auto system = kvm::System::open(device);
    if (!system) {
        facts.kvm_error = system.error();
        return;
    }
    facts.host_kind = system->host_kind();
    facts.max_vcpus = system->max_vcpus();
    for (const kvm::Capability& capability : kvm::capabilities())
        facts.capabilities[std::string(capability.key)] = system->capability(capability.number);
    if (auto cpuid = system->supported_cpuid()) facts.cpuid = std::move(*cpuid);
    if (auto unhidable = kvm::unhidable_features(*system)) facts.unhidable = std::move(*unhidable);
    if (auto trial = try_guest(*system); !trial) facts.trial_error = trial.error();
}

json cpuid_json(const std::vector<hv::CpuidEntry>& entries) {
    json list = json::array();
    for (const hv::CpuidEntry& entry : entries)
        list.push_back({{"leaf", fmt::format("{:#x}", entry.leaf)},
                        {"subleaf", entry.subleaf},
                        {"eax", fmt::format("{:#010x}", entry.eax)},
                        {"ebx", fmt::format("{:#010x}", entry.ebx)},
                        {"ecx", fmt::format("{:#010x}", entry.ecx)},
                        {"edx", fmt::format("{:#010x}", entry.edx)}});
    return list;
}

json kvm_json(const HostFacts& facts) {
    if (facts.kvm_error)
        return {{"available", false}, {"error", facts.kvm_error->message}, {"fix", facts.kvm_error->hint}};
    json kvm = {{"available", true},
                {"host_kind", kvm::host_kind_name(facts.host_kind)},
                {"max_vcpus", facts.max_vcpus},
                {"capabilities", facts.capabilities},
                {"cpuid_features", hv::feature_names(facts.cpuid)},
                {"cpuid", cpuid_json(facts.cpuid)},
                {"cpuid_unhidable", facts.unhidable ? json(*facts.unhidable) : json(nullptr)},
                {"runs_guests", !facts.trial_error.has_value()}};
    if (facts.trial_error) kvm["error"] = facts.trial_error->message;
    return kvm;
}

}  // namespace

HostFacts gather_facts(const std::string& device) {
    HostFacts facts;
    utsname name{};
    if (::uname(&name) == 0) {
        facts.kernel = name.release;
        facts.architecture = name.machine;
    }
    facts.cpu_model = line_value("/proc/cpuinfo", "model name");
    facts.processors = std::thread::hardware_concurrency();
    facts.memory_bytes = meminfo_bytes("MemTotal");
    facts.memory_available_bytes = meminfo_bytes("MemAvailable");
    facts.virtualisation = virtualisation_flag();
    facts.compiles_soft = soft::can_compile();
    gather_kvm(facts, device);
    return facts;
}

json facts_json(const HostFacts& facts) {
    return {{"architecture", facts.architecture},
            {"cpu",
             {{"model", facts.cpu_model},
              {"processors", facts.processors},
              {"virtualisation", facts.virtualisation.empty() ? json(nullptr) : json(facts.virtualisation)}}},
            {"kernel", facts.kernel},
            {"kvm", kvm_json(facts)},
            {"memory", {{"total_bytes", facts.memory_bytes}, {"available_bytes", facts.memory_available_bytes}}}};
}

}  // namespace nyx::cli
