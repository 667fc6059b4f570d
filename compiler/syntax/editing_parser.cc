#include "compiler/syntax/editing_parser.h"

#include <algorithm>

#include "compiler/syntax/earlier_parse.h"
#include "compiler/syntax/parse_tokens.h"

namespace nyx::syntax {

EditingParser::EditingParser() = default;
EditingParser::~EditingParser() = default;

std::shared_ptr<const ast::Module> EditingParser::parse(const source::SourceMap& sources, std::uint32_t file,
                                                        diagnostics::Sink& sink) {
    const std::string& text = sources.file(file).text;
    std::size_t begin = sink.all().size();
    TokenList tokens = read_tokens(text, file, sink);
    KnownStatements known;
    if (earlier_ && file == file_) known = earlier_->known_in(tokens.all(), text);
    reused_ = known.size();
    ParsedTokens parsed = parse_tokens(tokens, text, file, known, sink);
    std::shared_ptr<const ast::Module> module = std::move(parsed.module);
    earlier_.reset();
    // After one of these, a statement without a mistake may yet have been cut short.
    bool all_read = std::none_of(sink.all().begin() + static_cast<std::ptrdiff_t>(begin), sink.all().end(),
                                 [](const diagnostics::Diagnostic& one) {
                                     return one.code == diagnostics::Code::kTooDeep ||
                                            one.code == diagnostics::Code::kTooManyMistakes;
                                 });
    if (!all_read || sink.all().size() >= diagnostics::Sink::kMaxKept) return module;
    // Also what no word could be made of: a parser that looks for what comes next says nothing about that.
    for (std::size_t i = begin; i < sink.all().size(); ++i) parsed.doubtful.insert(sink.all()[i].primary.span.begin);
    earlier_ = std::make_unique<EarlierParse>(text, tokens.take(), std::move(parsed.doubtful), module);
    file_ = file;
    return module;
}

}  // namespace nyx::syntax
