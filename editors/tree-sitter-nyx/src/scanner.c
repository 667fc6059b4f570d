// Where a newline ends a statement (docs/syntax.md, "Lines"): called only where a statement may end, so not inside ( ) and [ ]
// and not after an operator. And units behind numbers, for a word that only begins as one does is none: `@2 stride`.
// No state: every answer follows from the characters ahead.
#include <string.h>
#include <tree_sitter/parser.h>
#include <wctype.h>

enum { END_OF_LINE, UNIT, RECOVERING };

static const char *const kUnits[] = {
    "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "B/s", "KiB/s", "MiB/s", "GiB/s", "kB/s", "MB/s", "GB/s",
    "B", "KiB", "MiB", "GiB", "TiB", "PiB", "kB", "KB", "MB", "GB", "TB", "PB",
    "ns", "us", "ms", "s", "min", "h", "Hz", "kHz", "MHz", "GHz",
};

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

static bool is_unit(const char *word) {
    for (unsigned i = 0; i < sizeof kUnits / sizeof *kUnits; ++i)
        if (!strcmp(word, kUnits[i])) return true;
    return false;
}

// The letters ahead, at most as many as a unit has; "" where there are more.
static void take_word(TSLexer *lexer, char *word, unsigned room) {
    unsigned length = 0;
    for (; is_letter(lexer->lookahead) || iswdigit((wint_t)lexer->lookahead); lexer->advance(lexer, false)) {
        if (length < room) word[length] = lexer->lookahead < 0x80 ? (char)lexer->lookahead : '?';
        ++length;
    }
    word[length < room ? length : 0] = '\0';
}

// `GiB`, `Gbit/s`; of `2 s/step` only the `s`.
static bool scan_unit(TSLexer *lexer) {
    char unit[8] = "";
    take_word(lexer, unit, 5);
    bool found = is_unit(unit);
    if (found) lexer->mark_end(lexer);
    if (lexer->lookahead == '/') {
        lexer->advance(lexer, false);
        char second[2] = "";
        take_word(lexer, second, 2);
        bool whole = !strcmp(second, "s") && is_unit(strcat(unit, "/s"));
        if (whole) lexer->mark_end(lexer);
        found = found || whole;
    }
    if (found) lexer->result_symbol = UNIT;
    return found;
}

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
    lexer->mark_end(lexer);  // an end of a line is an empty token, whatever is looked at
    if (valid_symbols[UNIT] && !valid_symbols[RECOVERING]) {
        while (lexer->lookahead == ' ' || lexer->lookahead == '\t') lexer->advance(lexer, true);
        if (is_letter(lexer->lookahead)) return scan_unit(lexer);
    }
    if (!valid_symbols[END_OF_LINE]) return false;
    lexer->result_symbol = END_OF_LINE;
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
