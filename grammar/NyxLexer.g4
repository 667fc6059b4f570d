// The words and symbols of Nyx.
//
// The input is bytes, not characters: compiler/syntax/byte_stream.h hands every byte above 0x7E as 0x7F, which here stands
// for "part of a character beyond ASCII", so every offset is a byte offset.
// What needs memory (brackets, newlines that end a statement, contextual keywords, `${…}`) is done by the passes after this
// lexer; the modes at the end are entered by them, never from here.
lexer grammar NyxLexer;

// Words that are keywords only where a statement begins, and the tokens that the passes put in.
tokens {
    MACHINE, SCHEMA, DEVICE, MODULE, ON, TEST, REQUIRE, RECOVER, USE, FROM, AS, EXTENDS, TYPEALIAS,
    DEVICE_DECLARATION, OVERRIDE, HOST, STATE, SINCE, DERIVE, TIMER, BANK, REG, STRIDE, RESET, WHEN, INDEX, PHASE, INVARIANT,
    MIGRATE, ACPI, ENUM, EMIT, EXPECT,
    UNIT, MAP_BEGIN, END_OF_STATEMENT, ERROR, TEMPLATE_BEGIN, INTERPOLATION_END, KNOWN_STATEMENT
}

LET: 'let'; MUT: 'mut'; CONST: 'const'; FN: 'fn'; CLASS: 'class'; IMPORT: 'import';
IF: 'if'; ELSE: 'else'; WHILE: 'while'; FOR: 'for'; IN: 'in'; SWITCH: 'switch'; CASE: 'case'; DEFAULT: 'default';
MATCH: 'match'; BREAK: 'break'; CONTINUE: 'continue'; RETURN: 'return'; TRY: 'try'; CATCH: 'catch'; FINALLY: 'finally';
THROW: 'throw' | 'raise'; ASSERT: 'assert'; PASS: 'pass';
TRUE: 'true'; FALSE: 'false'; NULL_: 'null'; SUPER: 'super';
AND: '&&' | 'and'; OR: '||' | 'or'; NOT: 'not';

IDENTIFIER: [a-zA-Z_] [a-zA-Z_0-9]*;

FLOAT: DIGITS '.' DIGITS EXPONENT? | DIGITS EXPONENT;
INTEGER: DIGITS | '0' [xX] [0-9a-fA-F_]* | '0' [oO] [0-9_]* | '0' [bB] [0-9_]*;
fragment DIGITS: [0-9] [0-9_]*;
fragment EXPONENT: [eE] [+-]? [0-9]+;

TRIPLE_STRING: '"""' ('\\' . | ~'\\')*? '"""';
STRING: '"' ('\\' ~[\r\n] | ~["\\\r\n])* '"' | '\'' ('\\' ~[\r\n] | ~['\\\r\n])* '\'';
// A string that never ends, found because no rule above matches as much.
OPEN_TRIPLE: '"""';
OPEN_QUOTE: '"' | '\'';

LPAREN: '('; RPAREN: ')'; LBRACKET: '['; RBRACKET: ']'; LBRACE: '{'; RBRACE: '}';
COMMA: ','; SEMICOLON: ';'; COLON: ':'; DOT: '.'; OPTIONAL_DOT: '?.'; RANGE: '..'; QUESTION: '?'; AT: '@';
ARROW: '->'; FAT_ARROW: '=>';
ASSIGN: '=';
COMPOUND_ASSIGN: '+=' | '-=' | '*=' | '/=' | '%=' | '|=' | '&=' | '^=' | '<<=' | '>>=';
COALESCE: '??'; EQUAL: '==' | '!='; LESS: '<'; LESS_EQUAL: '<='; GREATER: '>'; GREATER_EQUAL: '>=';
PIPE: '|'; CARET: '^'; AMPERSAND: '&'; SHIFT_LEFT: '<<'; PLUS: '+'; MINUS: '-';
FLOOR_DIVIDE: '//'; SLASH: '/'; PERCENT: '%'; POWER: '**'; STAR: '*'; BANG: '!'; TILDE: '~';
INCREMENT: '++'; DECREMENT: '--';

NEWLINE: '\r'? '\n' | '\r';
BLANK: [ \t]+;
COMMENT: '#' ~[\r\n]*;
BEYOND_ASCII: '\u007F'+;
UNKNOWN: .;

// Inside "…" from its beginning, where it has a `${` or never ends.
mode TEMPLATE;
TEMPLATE_TEXT: (~["\\$\r\n] | '\\' ~[\r\n])+ | '$';
INTERPOLATION_BEGIN: '${';
TEMPLATE_END: '"';
TEMPLATE_BREAK: [\r\n] | '\\';

// The same for """…""".
mode TRIPLE_TEMPLATE;
TRIPLE_TEXT: (~["\\$] | '\\' .)+ | '$' | '"';
TRIPLE_INTERPOLATION: '${';
TRIPLE_END: '"""';
TRIPLE_BREAK: '\\';

// From the `:` of `${value:08x}` to its `}`.
mode FORMAT;
FORMAT_TEXT: ~[}\r\n"]+;
FORMAT_BREAK: [\r\n"] | '}';
