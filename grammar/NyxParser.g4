// Sentences of Nyx.
//
// Kept simple by the passes before it (compiler/syntax/README.md): brackets are balanced, a statement ends with exactly one
// END_OF_STATEMENT (also before `}` and at the end of the file), a `{` that begins a map is MAP_BEGIN, and words that are keywords only in some places have
// been told apart. KNOWN_STATEMENT stands for a whole statement that an earlier parse has read (compiler/syntax/earlier_parse.h). Every alternative is decided within two tokens. Operators stand in a flat list; the
// tree builder applies their precedence, so a long chain is a loop and not a recursion.
parser grammar NyxParser;
options { tokenVocab = NyxLexer; }

// ---- Statements. `statement` is where the parser recovers: the rest of a broken line is skipped.
statement
    : (
        letStatement | ifStatement | whileStatement | forStatement | switchStatement | matchStatement | jumpStatement
        | tryStatement | assertStatement | PASS | fnDeclaration | classDeclaration | moduleDeclaration | importStatement
        | typeAlias | machineDeclaration | schemaDeclaration | deviceDeclaration | deviceStatement | requireStatement | onStatement
        | testStatement | recoverStatement | emitStatement | block | expressionStatement | KNOWN_STATEMENT
      ) END_OF_STATEMENT
    ;

block: LBRACE statement* RBRACE;

letStatement: (LET MUT? | CONST) (name (COMMA name)* | LPAREN name (COMMA name)* RPAREN) (COLON type)? (ASSIGN expression)?;
expressionStatement: expressionList ((ASSIGN | COMPOUND_ASSIGN) expressionList)?;
expressionList: expression (COMMA expression)*;

ifStatement: IF expression block (ELSE IF expression block)* (ELSE block)?;
whileStatement: WHILE expression block;
forStatement: FOR (LPAREN (forNames (IN expression RPAREN | RPAREN IN expression) | forSteps RPAREN) | forNames IN expression) block;
forSteps: forInit? SEMICOLON expression? SEMICOLON forStep?;
forInit: letStatement | step;
forStep: step;
step: unary ((ASSIGN | COMPOUND_ASSIGN) expression)?;
forNames: name (COMMA name)*;
switchStatement: SWITCH expression LBRACE switchCase* RBRACE;
switchCase: (CASE expressionList | DEFAULT) (COLON statement* | block END_OF_STATEMENT);
matchStatement: MATCH expression LBRACE matchArm* RBRACE;
matchArm: expression (IF expression)? FAT_ARROW armBody (COMMA | END_OF_STATEMENT);
armBody: block | BREAK | CONTINUE | PASS | RETURN expression? | THROW expression | expression ((ASSIGN | COMPOUND_ASSIGN) expression)?;
jumpStatement: BREAK | CONTINUE | RETURN expressionList? | THROW expression;
tryStatement: TRY block (CATCH (name | LPAREN name RPAREN)? block)? (FINALLY block)?;
assertStatement: (ASSERT | EXPECT) expression (COMMA expression)?;

importStatement: (IMPORT | USE) importPath (AS name)? | FROM importPath IMPORT name (COMMA name)*;
importPath: STRING | name (DOT name)*;
typeAlias: TYPEALIAS name ASSIGN type;

// ---- Functions, classes, modules
fnDeclaration: FN name parameters (ARROW type)? block?;
parameters: LPAREN (parameter (COMMA parameter)* COMMA?)? RPAREN;
parameter: MUT? name (COLON type)? (ASSIGN expression)? TRIPLE_STRING?;
classDeclaration: CLASS name ((EXTENDS | COLON) dottedName)? LBRACE classMember* RBRACE;
classMember: (fnDeclaration | field | TRIPLE_STRING | PASS) END_OF_STATEMENT;
field: (LET MUT? | CONST)? name (COLON type)? (ASSIGN expression)? TRIPLE_STRING?;
moduleDeclaration: MODULE name block;
dottedName: name (DOT name)*;
name: IDENTIFIER;

// ---- Machines
machineDeclaration: MACHINE name ((EXTENDS | COLON) dottedName)? block;
schemaDeclaration: SCHEMA name ((EXTENDS | COLON) dottedName)? annotation* LBRACE schemaItem* RBRACE;
schemaItem: (schemaField (COMMA | END_OF_STATEMENT)) | TRIPLE_STRING END_OF_STATEMENT;
schemaField: name (COLON type)? (ASSIGN expression)? annotation* TRIPLE_STRING?;
annotation: AT name arguments?;
deviceStatement: DEVICE name (arguments block? | block) | IDENTIFIER (IDENTIFIER (arguments block? | block) | block);
requireStatement: REQUIRE expression (COMMA expression)?;
onStatement: ON name (arguments parameters?)? block;
testStatement: TEST STRING block;
recoverStatement: RECOVER name;

// ---- Devices. Their words are keywords inside one only (compiler/syntax/layout.h).
deviceDeclaration: DEVICE_DECLARATION name parameters? (COLON dottedName)? deviceOption* deviceBody;
deviceOption: IDENTIFIER expression;
deviceBody: LBRACE deviceItem* RBRACE;
deviceItem
    : OVERRIDE? (
        hostItem | stateItem | deriveItem | timerItem | bankItem | regItem | whenItem | indexItem | phaseItem | invariantItem | migrateItem
        | acpiItem | enumItem | onStatement | testStatement | fnDeclaration | TRIPLE_STRING | PASS
      ) END_OF_STATEMENT
    ;
hostItem: HOST hostPort (COMMA hostPort)*;
hostPort: name COLON type (WHEN expression)?;
stateItem: STATE stateBody;
stateBody: LBRACE stateMember* RBRACE;
stateMember: (field | SINCE expression stateBody | TRIPLE_STRING) END_OF_STATEMENT;
deriveItem: DERIVE name (COLON type)? ASSIGN expression;
timerItem: TIMER name arguments?;
bankItem: BANK name COLON name AT expression bankOption* deviceBody;
bankOption: COMMA (IDENTIFIER expression | INTEGER);
regItem: REG name (LBRACKET expression RBRACKET)? AT expression regPart* regBody?;
regPart: COLON type | ASSIGN expression | STRIDE expression | RESET expression | AT name LPAREN name (MINUS name)? RPAREN | regKind | TRIPLE_STRING;
regKind: (IDENTIFIER | CONST) (LPAREN IDENTIFIER RPAREN)?;
regBody: LBRACE regMember* RBRACE;
regMember: (regField | onStatement | TRIPLE_STRING) END_OF_STATEMENT;
regField: name COLON expression regKind? (ASSIGN expression)? TRIPLE_STRING?;
whenItem: WHEN expression deviceBody (ELSE deviceBody)?;
indexItem: INDEX name AT expression COMMA name AT expression name expression;
phaseItem: PHASE name (name expression)? deviceBody;
invariantItem: INVARIANT expression;
migrateItem: MIGRATE INTEGER ARROW INTEGER (LPAREN name RPAREN)? block;
acpiItem: ACPI block;
enumItem: ENUM name (COLON type)? LBRACE enumValue* RBRACE;
enumValue: (name ASSIGN expression TRIPLE_STRING? | TRIPLE_STRING) (COMMA | END_OF_STATEMENT);
emitStatement: EMIT expression;

// ---- Types
// A function that returns a function is a chain, not a recursion.
type: (plainType | fnHead (ARROW fnHead)* (ARROW plainType)?) QUESTION?;
fnHead: FN LPAREN (type (COMMA type)*)? RPAREN;
plainType: LBRACKET type (SEMICOLON expression)? RBRACKET | NULL_ | dottedName (LESS typeParameter (COMMA typeParameter)* GREATER)? typeArguments?;
typeParameter: type | INTEGER;
typeArguments: LPAREN (expression (COMMA expression)* COMMA?)? RPAREN;

// ---- Expressions
expression: unary (binaryOperator unary)*;
binaryOperator
    : COALESCE | OR | AND | PIPE | CARET | AMPERSAND | EQUAL | LESS | LESS_EQUAL | GREATER GREATER? | GREATER_EQUAL | IN | NOT IN
    | SHIFT_LEFT | RANGE | PLUS | MINUS | STAR | SLASH | PERCENT | FLOOR_DIVIDE | POWER
    ;
unary: (MINUS | BANG | NOT | TILDE)* primary suffix*;
primary
    : IDENTIFIER | SUPER | (INTEGER | FLOAT) UNIT? | STRING | TRIPLE_STRING | TRUE | FALSE | NULL_ | ERROR
    | templateString | tuple | array | map | fnExpression
    ;
suffix: arguments | subscript | (DOT | OPTIONAL_DOT) IDENTIFIER | INCREMENT | DECREMENT;
arguments: LPAREN (argument (COMMA argument)* COMMA?)? RPAREN;
argument: (IDENTIFIER (ASSIGN | COLON))? expression;
subscript: LBRACKET (COLON expression? | expression (COLON expression?)?) RBRACKET;
tuple: LPAREN (expression (COMMA expression)* COMMA?)? RPAREN;
array: LBRACKET (expression (comprehension | (COMMA expression)* COMMA?))? RBRACKET;
comprehension: FOR forNames IN expression (IF expression)?;
map: MAP_BEGIN (mapEntry (COMMA mapEntry)* COMMA? END_OF_STATEMENT?)? RBRACE;
mapEntry: expression COLON expression;
templateString: TEMPLATE_BEGIN (TEMPLATE_TEXT | interpolation)* TEMPLATE_END;
interpolation: INTERPOLATION_BEGIN expression FORMAT_TEXT? INTERPOLATION_END;
fnExpression: FN parameters (ARROW type)? block;
