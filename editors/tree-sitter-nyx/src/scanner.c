// Where a newline ends a statement (docs/syntax.md, "Lines"): called only where a statement may end, so not inside ( ) and [ ]
// and not after an operator. No state: every answer follows from the characters ahead.
#include <tree_sitter/parser.h>
#include <wctype.h>

enum { END_OF_LINE };

void *tree_sitter_nyx_external_scanner_create(void) { return NULL; }
void tree_sitter_nyx_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_nyx_external_scanner_serialize(void *payload, char *buffer) {
    (void)payload;
    (void)buffer;
    return 0;
}
void tree_sitter_nyx_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
    (void)payload;
    (void)buffer;
    (void)length;
}

static bool is_letter(int32_t c) { return iswalpha((wint_t)c) || c == '_'; }

// A line that begins with `.name` or `?.name` goes on with the one before.
static bool continues(TSLexer *lexer) {
    if (lexer->lookahead == '?') lexer->advance(lexer, false);
    if (lexer->lookahead != '.') return false;
    lexer->advance(lexer, false);
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t') lexer->advance(lexer, false);
    return is_letter(lexer->lookahead);
}

bool tree_sitter_nyx_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
    (void)payload;
    if (!valid_symbols[END_OF_LINE]) return false;
    lexer->result_symbol = END_OF_LINE;
    lexer->mark_end(lexer);  // the token is empty, whatever is looked at
    bool newline = false;
    for (;;) {
        if (lexer->eof(lexer) || lexer->lookahead == '}') return true;
        if (lexer->lookahead == '\n' || lexer->lookahead == '\r') newline = true;
        if (lexer->lookahead == '#') {
            while (!lexer->eof(lexer) && lexer->lookahead != '\n' && lexer->lookahead != '\r') lexer->advance(lexer, true);
        } else if (iswspace((wint_t)lexer->lookahead)) {
            lexer->advance(lexer, true);
        } else {
            return newline && !continues(lexer);
        }
    }
}
