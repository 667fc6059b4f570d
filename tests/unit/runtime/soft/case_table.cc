#include "case_table.h"

#include <fmt/format.h>

#include <string_view>

namespace nyx::soft {
namespace {

std::string row(std::string_view name, const CaseCount& count) {
    return fmt::format("{:<16} {:>12} {:>14} {:>10}  {}\n", name, count.cases, count.wrong, count.excluded, count.why);
}

}  // namespace

std::string table_text(const CaseTable& table, std::uint64_t cases) {
    static std::uint64_t of_this_run = 0;
    std::map<std::string_view, const CaseCount*> by_name;
    for (const auto& [mnemonic, count] : table) by_name[ZydisMnemonicGetString(mnemonic)] = &count;
    std::string text = fmt::format("\n{:<16} {:>12} {:>14} {:>10}  {}\n", "instruction", "cases", "disagreements",
                                   "excluded", "not compared, and why");
    CaseCount sum;
    for (const auto& [name, count] : by_name) {
        text += row(name, *count);
        sum.cases += count->cases;
        sum.wrong += count->wrong;
        sum.excluded += count->excluded;
    }
    of_this_run += cases != 0 ? cases : sum.cases;
    text += row(fmt::format("all {}", table.size()), sum);
    return text + fmt::format("{} cases in this run so far\n", of_this_run);
}

}  // namespace nyx::soft
