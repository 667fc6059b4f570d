#include "compiler/lsp/keywords.h"

#include <algorithm>
#include <array>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/words.h"

namespace nyx::lsp {

std::span<const Keyword> keywords() {
    static constexpr auto kWords = std::to_array<Keyword>({
        {"let", true, false, true},
        {"mut"},
        {"const", true},
        {"fn", true, true},
        {"class", true},
        {"import", true},
        {"if", true, false, true},
        {"else", true, false, true},
        {"while", true},
        {"for", true, false, true},
        {"in", false, true},
        {"switch", true},
        {"case", true},
        {"default", true},
        {"match", true},
        {"break", true},
        {"continue", true},
        {"return", true},
        {"try", true},
        {"catch", true},
        {"finally", true},
        {"throw", true},
        {"raise", true},
        {"assert", true},
        {"pass", true},
        {"true", false, true},
        {"false", false, true},
        {"null", false, true},
        {"super", true, true},
        {"and", false, true},
        {"or", false, true},
        {"not", false, true},
        {"machine", true},
        {"schema"},
        {"device", false, false, true},
        {"module", true},
        {"on", false, false, true},
        {"test", false, false, true},
        {"require", false, false, true},
        {"recover"},
        {"use", true},
        {"from", true},
        {"as"},
        {"extends"},
        {"typealias", true},
    });
    return kWords;
}

bool is_taken(std::string_view word) {
    if (word == "self" || word == "this" || word == "extends" || word == "as") return true;
    if (syntax::is_device_keyword(word) || syntax::statement_keyword(word) != 0) return true;
    diagnostics::Sink ignored;
    std::vector<syntax::Word> words = syntax::words(word, 0, ignored);
    return words.empty() || words[0].kind != syntax::WordKind::kName || words[0].end != word.size();
}

}  // namespace nyx::lsp
