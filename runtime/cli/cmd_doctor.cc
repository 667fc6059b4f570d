// nyx doctor
#include <cstdio>

#include "runtime/cli/bundle_source.h"
#include "runtime/cli/command.h"
#include "runtime/cli/host_report.h"

namespace nyx::cli {

static int doctor(const std::string& format) {
    std::vector<Finding> findings = examine(gather_facts(), compiler_found());
    std::string report = format == "json" ? findings_json(findings).dump(2) + "\n" : findings_text(findings);
    std::fwrite(report.data(), 1, report.size(), stdout);
    return can_run(findings) ? kDone : kEnvironment;
}

Runner add_doctor(CLI::App& command) {
    auto format = std::make_shared<std::string>("text");
    add_format(command, *format);
    command.footer("Status: 0 when machines can run here, 3 when not.\nExample:\n  nyx doctor");
    return [format] { return doctor(*format); };
}

}  // namespace nyx::cli
