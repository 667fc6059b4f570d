#include "compiler/driver/fix_text.h"

#include <algorithm>
#include <utility>

#include "compiler/diagnostics/fixes.h"

namespace nyx::driver {

using diagnostics::Diagnostic;
using diagnostics::Fix;

namespace {

// Errors of syntax, then all: a file that does not parse is not looked at any further, so its other errors count only
// between texts that parse equally well.
std::pair<std::size_t, std::size_t> errors(const Findings& findings) {
    constexpr int kFirstCodeAfterSyntax = 200;
    std::pair<std::size_t, std::size_t> count;
    for (const Diagnostic& finding : findings.all) {
        if (finding.severity != diagnostics::Severity::kError) continue;
        if (static_cast<int>(finding.code) < kFirstCodeAfterSyntax) ++count.first;
        ++count.second;
    }
    return count;
}

// What a fix is known by after others have moved it: its title and the line that it begins in.
std::string name_of(const Fix& fix, const std::string& text) {
    std::size_t place = fix.edits.front().span.begin;
    std::size_t begin = place == 0 ? 0 : text.rfind('\n', place - 1) + 1;
    std::size_t end = std::min(text.find('\n', place), text.size());
    return fix.title + '\n' + text.substr(begin, end - begin);
}

class Fixer {
  public:
    Fixer(std::string text, const CheckText& check) : check_(check) { fixed_.text = std::move(text); }

    Result<FixedText> run() {
        NYX_ASSIGN(findings_, check_(fixed_.text));
        for (int round = 0; round < kMostRounds; ++round) {
            std::vector<Fix> fixes = diagnostics::certain_fixes(findings_.all, findings_.file);
            std::erase_if(fixes, [&](const Fix& fix) { return is_refused(fix); });
            if (fixes.empty()) break;
            std::string before = fixed_.text;
            NYX_ASSIGN(bool good, try_fixes(before, fixes));
            if (good) continue;
            NYX_TRY(try_each(before, fixes));
        }
        fixed_.refused = refused_.size();
        return std::move(fixed_);
    }

  private:
    // All of them in `before`: kept where there are not more errors than with those of fixed_.text.
    Result<bool> try_fixes(const std::string& before, const std::vector<Fix>& fixes) {
        std::string text = diagnostics::with_fixes(before, fixes);
        NYX_ASSIGN(Findings after, check_(text));
        if (errors(after) > errors(findings_)) return false;
        fixed_.text = std::move(text);
        findings_ = std::move(after);
        fixed_.applied += fixes.size();
        return true;
    }

    // One after the other, in the places that they have in `before`.
    Status try_each(const std::string& before, const std::vector<Fix>& fixes) {
        std::size_t applied = fixed_.applied;
        std::vector<Fix> kept;
        for (const Fix& fix : fixes) {
            kept.push_back(fix);
            NYX_ASSIGN(bool good, try_fixes(before, kept));
            if (good) continue;
            refused_.push_back(name_of(fix, before));
            kept.pop_back();
        }
        fixed_.applied = applied + kept.size();
        return {};
    }

    bool is_refused(const Fix& fix) const {
        return std::find(refused_.begin(), refused_.end(), name_of(fix, fixed_.text)) != refused_.end();
    }

    const CheckText& check_;
    FixedText fixed_;
    Findings findings_;
    std::vector<std::string> refused_;
};

}  // namespace

Result<FixedText> fix_text(std::string text, const CheckText& check) {
    return Fixer(std::move(text), check).run();
}

}  // namespace nyx::driver
