// nyx doctor [BUNDLE]
#include <cstdio>

#include "runtime/cli/bundle_source.h"
#include "runtime/cli/command.h"
#include "runtime/cli/host_report.h"
#include "runtime/plan/bundle.h"

namespace nyx::cli {
namespace {

struct Arguments {
    std::string bundle;
    std::string format = "text";
};

Result<std::vector<Finding>> findings_of(const std::string& path) {
    const HostFacts facts = gather_facts();
    std::vector<Finding> findings = examine(facts, compiler_found());
    if (path.empty()) return findings;
    NYX_ASSIGN(plan::Bundle bundle, plan::Bundle::open(path));
    findings.push_back(preference_finding(bundle.plan().name, bundle.preferences(), facts));
    return findings;
}

int doctor(const Arguments& arguments) {
    auto findings = findings_of(arguments.bundle);
    if (!findings) return fail_with(findings.error());
    std::string report =
        arguments.format == "json" ? findings_json(*findings).dump(2) + "\n" : findings_text(*findings);
    std::fwrite(report.data(), 1, report.size(), stdout);
    return can_run(*findings) ? kDone : kEnvironment;
}

}  // namespace

Runner add_doctor(CLI::App& command) {
    auto arguments = std::make_shared<Arguments>();
    command.add_option("BUNDLE", arguments->bundle, "Say also what would run this machine here, and why");
    add_format(command, arguments->format);
    command.footer(
        "Status: 0 when machines can run here, 3 when not.\nExample:\n  nyx doctor\n  nyx doctor machine.nyxb");
    return [arguments] { return doctor(*arguments); };
}

}  // namespace nyx::cli
