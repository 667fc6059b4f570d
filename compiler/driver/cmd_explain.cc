// nyxc explain CODE
#include <algorithm>
#include <memory>
#include <span>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/driver/command.h"
#include "compiler/driver/explain_pages.h"

namespace nyx::driver {

namespace {

std::span<const ExplainPage> pages() {
    return {kExplainPages, kExplainPageCount};
}

// "ny412", "412" and "NY0412" are the same.
std::string canonical(std::string code) {
    std::transform(code.begin(), code.end(), code.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    if (code.starts_with("NY")) code.erase(0, 2);
    bool digits = !code.empty() && std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits && code.size() < 4 ? "NY" + std::string(4 - code.size(), '0') + code : "NY" + code;
}

int explain(const std::string& code) {
    std::string wanted = canonical(code);
    auto found =
        std::find_if(pages().begin(), pages().end(), [&](const ExplainPage& page) { return page.code == wanted; });
    if (found != pages().end()) {
        std::fwrite(found->text.data(), 1, found->text.size(), stdout);
        return kDone;
    }
    std::vector<std::string> codes;
    for (const ExplainPage& page : pages()) codes.emplace_back(page.code);
    auto near = diagnostics::did_you_mean(wanted, codes);
    return fail_with({ErrorCode::kInvalidArgument, fmt::format("there is no diagnostic {}", code),
                      near ? fmt::format("did you mean {}?", *near) : "codes look like NY0412"});
}

}  // namespace

Runner add_explain(CLI::App& command) {
    auto code = std::make_shared<std::string>();
    command.add_option("CODE", *code, "A code such as NY0412")->required();
    command.footer("Example:\n  nyxc explain NY0412");
    return [code] { return explain(*code); };
}

}  // namespace nyx::driver
