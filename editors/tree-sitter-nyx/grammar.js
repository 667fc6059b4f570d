// The language as editors read it: compiler/syntax decides what is right, this gives its shape while it is being written.
// Agreement over the corpus is a test (tests/editors/tree_sitter.py).
const KEYWORDS = [
  'let', 'mut', 'const', 'fn', 'class', 'import', 'if', 'else', 'while', 'for', 'in', 'switch', 'case', 'default', 'match', 'break',
  'continue', 'return', 'try', 'catch', 'finally', 'throw', 'raise', 'assert', 'pass', 'true', 'false', 'null', 'super', 'and', 'or', 'not',
];
// Keywords only where a statement begins; names everywhere else.
const STATEMENT_WORDS = ['machine', 'schema', 'device', 'module', 'typealias', 'on', 'test', 'require', 'recover', 'use', 'from'];
const HEADER_WORDS = ['extends', 'as'];
const UNITS = [
  'bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s', 'B/s', 'KiB/s', 'MiB/s', 'GiB/s', 'kB/s', 'MB/s', 'GB/s', 'B', 'KiB', 'MiB', 'GiB',
  'TiB', 'PiB', 'kB', 'KB', 'MB', 'GB', 'TB', 'PB', 'ns', 'us', 'ms', 's', 'min', 'h', 'Hz', 'kHz', 'MHz', 'GHz',
];
// docs/language.md, loosest first.
const OPERATORS = [
  ['??'], ['||', 'or'], ['&&', 'and'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['in'], ['<<', '>>'], ['..'], ['+', '-'],
  ['*', '/', '%', '//'],
];
const UNARY = OPERATORS.length + 1, POWER = UNARY + 1, POSTFIX = UNARY + 2;

const list = (rule) => seq(rule, repeat(seq(',', rule)));
const trailing = (rule) => optional(seq(list(rule), optional(',')));

module.exports = grammar({
  name: 'nyx',
  word: ($) => $.identifier,
  extras: ($) => [/\s/, $.comment],
  externals: ($) => [$._end_of_line],
  conflicts: ($) => [[$._expression_list], [$.for_statement, $._expression], [$.block, $.map], [$.require_statement, $._name]],

  rules: {
    source_file: ($) => repeat($._statement),

    _end: ($) => choice(';', $._end_of_line),
    _statement: ($) => choice(
      seq(choice($.let_statement, $.jump_statement, $.assert_statement, $.pass_statement, $.import_statement, $.type_alias,
                 $.require_statement, $.recover_statement, $.expression_statement), $._end),
      seq($.function_declaration, $._end), $.function_definition, seq($.device_statement, $._end), $.device_block,
      $.if_statement, $.while_statement, $.for_statement, $.switch_statement, $.match_statement, $.try_statement,
      $.class_declaration, $.module_declaration, $.machine_declaration, $.schema_declaration, $.on_statement, $.test_statement,
      $.block, ';'),
    block: ($) => prec.dynamic(1, seq('{', repeat($._statement), '}')),

    let_statement: ($) => seq($._let, choice(list($._name), seq('(', list($._name), ')')), optional($._annotation), optional($._initial)),
    _let: ($) => choice(seq('let', optional('mut')), 'const'),
    _annotation: ($) => seq(':', field('type', $._type)),
    _initial: ($) => seq('=', field('value', $._expression)),
    expression_statement: ($) => seq($._expression_list, optional($._assigned)),
    _assigned: ($) => seq($.assignment_operator, $._expression_list),
    assignment_operator: () => choice('=', '+=', '-=', '*=', '/=', '%=', '|=', '&=', '^=', '<<=', '>>='),
    _expression_list: ($) => list($._expression),

    if_statement: ($) => seq('if', $._expression, $.block, optional(seq('else', choice($.if_statement, $.block)))),
    while_statement: ($) => seq('while', $._expression, $.block),
    for_statement: ($) => seq('for', choice(
      seq(list($._name), 'in', $._expression),
      seq('(', list($._name), 'in', $._expression, ')'),
      seq('(', list($._name), ')', 'in', $._expression),
      seq('(', optional(choice($.let_statement, $._step)), ';', optional($._expression), ';', optional($._step), ')')), $.block),
    _step: ($) => seq($._expression, optional(seq($.assignment_operator, $._expression))),
    switch_statement: ($) => seq('switch', $._expression, '{', repeat($.switch_case), '}'),
    switch_case: ($) => prec.right(seq(choice(seq('case', $._expression_list), 'default'), choice(seq(':', repeat($._statement)), $.block))),
    match_statement: ($) => seq('match', $._expression, '{', repeat($.match_arm), '}'),
    match_arm: ($) => seq($._expression, optional(seq('if', $._expression)), '=>', choice(
      seq($.block, optional(choice(',', ';'))),
      seq(choice($.jump_statement, $.pass_statement, seq($._expression, optional(seq($.assignment_operator, $._expression)))), choice(',', $._end)))),
    jump_statement: ($) => choice('break', 'continue', seq('return', optional($._expression_list)), seq(choice('throw', 'raise'), $._expression)),
    try_statement: ($) => prec.right(seq('try', $.block,
      optional(seq('catch', optional(choice($._name, seq('(', $._name, ')'))), $.block)), optional(seq('finally', $.block)))),
    assert_statement: ($) => seq('assert', list($._expression)),
    pass_statement: () => 'pass',

    import_statement: ($) => choice(
      seq(choice('import', 'use'), $._path, optional(seq('as', $._name))),
      seq('from', $._path, 'import', list($._name))),
    _path: ($) => choice($.string, $.dotted_name),
    type_alias: ($) => seq('typealias', field('name', $._name), '=', $._type),

    function_declaration: ($) => $._function_head,
    function_definition: ($) => seq($._function_head, $.block),
    _function_head: ($) => seq('fn', field('name', $._name), $.parameters, optional(seq('->', field('type', $._type)))),
    parameters: ($) => seq('(', trailing($.parameter), ')'),
    parameter: ($) => seq(optional('mut'), field('name', $._name), optional($._annotation), optional($._initial)),
    _base: ($) => seq(choice('extends', ':'), field('base', $.dotted_name)),
    class_declaration: ($) => seq('class', field('name', $._name), optional($._base), '{',
      repeat(choice(seq(choice($.function_declaration, $.field, $.pass_statement), $._end), $.function_definition, $.documentation, ';')), '}'),
    field: ($) => seq(optional($._let), field('name', $._name), optional($._annotation), optional($._initial), optional($.documentation)),
    module_declaration: ($) => seq('module', field('name', $._name), $.block),
    dotted_name: ($) => prec.right(seq($._name, repeat(seq('.', $._any_name)))),

    machine_declaration: ($) => seq('machine', field('name', $._name), optional($._base), $.block),
    schema_declaration: ($) => seq('schema', field('name', $._name), optional($._base), '{',
      repeat(choice(seq($.field, choice(',', $._end)), $.documentation, ';')), '}'),
    device_statement: ($) => seq($._device_head, $.arguments),
    device_block: ($) => choice(seq($._device_head, optional($.arguments), $.block), seq(field('kind', $.identifier), $.block)),
    _device_head: ($) => seq(choice('device', field('kind', $.identifier)), field('name', $._name)),
    require_statement: ($) => seq('require', list($._expression)),
    on_statement: ($) => seq('on', field('name', $._name), optional(seq($.arguments, optional($.parameters))), $.block),
    test_statement: ($) => seq('test', $.string, $.block),
    recover_statement: ($) => seq('recover', $._name),

    _type: ($) => prec.right(seq(choice($.function_type, $.plain_type), optional('?'))),
    function_type: ($) => prec.right(seq('fn', '(', optional(list($._type)), ')', optional(seq('->', $._type)))),
    plain_type: ($) => prec.right(choice(
      seq('[', $._type, ']'), 'null',
      seq($.dotted_name, optional(seq('<', list($._type), '>')), optional(seq('(', trailing($._expression), ')'))))),

    _expression: ($) => choice(
      $._name, $.super, $.number, $.quantity, $.string, $.documentation, $.boolean, $.null, $.tuple, $.array, $.map, $.function_expression,
      $.binary, $.unary, $.call, $.subscript, $.member, $.postfix),
    binary: ($) => choice(
      ...OPERATORS.map((words, level) => prec.left(level + 1, seq($._expression, choice(...words), $._expression))),
      prec.left(9, seq($._expression, 'not', 'in', $._expression)),
      prec.right(POWER, seq($._expression, '**', $._expression))),
    unary: ($) => prec(UNARY, seq(choice('-', '!', 'not', '~'), $._expression)),
    call: ($) => prec(POSTFIX, seq($._expression, $.arguments)),
    arguments: ($) => seq('(', trailing($.argument), ')'),
    argument: ($) => seq(optional(seq(field('name', $._any_name), choice('=', ':'))), $._expression),
    subscript: ($) => prec(POSTFIX, seq($._expression, '[', choice(seq(':', optional($._expression)),
      seq($._expression, optional(seq(':', optional($._expression))))), ']')),
    member: ($) => prec(POSTFIX, seq($._expression, choice('.', '?.'), field('name', $._any_name))),
    postfix: ($) => prec(POSTFIX, seq($._expression, choice('++', '--'))),
    tuple: ($) => seq('(', trailing($._expression), ')'),
    array: ($) => seq('[', choice(trailing($._expression), seq($._expression, $.comprehension)), ']'),
    comprehension: ($) => seq('for', list($._name), 'in', $._expression, optional(seq('if', $._expression))),
    map: ($) => seq('{', trailing($.map_entry), '}'),
    map_entry: ($) => seq(field('key', choice($._any_name, $.string, $.number, $.tuple)), ':', $._expression),
    function_expression: ($) => seq('fn', $.parameters, optional(seq('->', $._type)), $.block),

    super: () => 'super',
    boolean: () => choice('true', 'false'),
    null: () => 'null',
    identifier: () => /[A-Za-z_][A-Za-z_0-9]*/,
    _name: ($) => choice($.identifier, ...STATEMENT_WORDS.concat(HEADER_WORDS).map((word) => alias(word, $.identifier))),
    _any_name: ($) => choice($._name, ...KEYWORDS.map((word) => alias(word, $.identifier))),

    number: () => token(choice(/[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?/, /0[xX][0-9A-Fa-f_]+/, /0[oO][0-7_]+/, /0[bB][01_]+/)),
    quantity: ($) => seq($.number, $.unit),
    unit: () => token.immediate(seq(/[ \t]*/, choice(...UNITS))),

    string: ($) => choice(
      seq("'", repeat(choice(token.immediate(prec(1, /[^'\\\r\n]+/)), $.escape)), token.immediate("'")),
      seq('"', repeat(choice(token.immediate(prec(1, /[^"\\$\r\n]+/)), token.immediate('$'), $.escape, $.interpolation)), token.immediate('"'))),
    documentation: ($) => seq('"""', repeat(choice(token.immediate(prec(1, /[^"\\$]+/)), token.immediate('$'), token.immediate('"'),
      token.immediate('""'), $.escape, $.interpolation)), token.immediate('"""')),
    escape: () => token.immediate(prec(1, seq('\\', choice(/x[0-9A-Fa-f]{2}/, /u\{[0-9A-Fa-f]+\}/, /[^xu]/)))),
    interpolation: ($) => seq(token.immediate(prec(1, '${')), $._expression, optional($.format), '}'),
    format: () => token(seq(':', /[^}\r\n"]+/)),
    comment: () => token(seq('#', /.*/)),
  },
});
