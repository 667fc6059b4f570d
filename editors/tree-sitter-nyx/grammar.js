// The language as editors read it: compiler/syntax decides what is right, this gives its shape while it is being written.
// Agreement over the corpus is a test (tests/editors/tree_sitter.py).
const KEYWORDS = [
  'let', 'mut', 'const', 'fn', 'class', 'import', 'if', 'else', 'while', 'for', 'in', 'switch', 'case', 'default', 'match', 'break',
  'continue', 'return', 'try', 'catch', 'finally', 'throw', 'raise', 'assert', 'pass', 'true', 'false', 'null', 'super', 'and', 'or', 'not',
];
// Keywords only where a statement begins; names everywhere else.
const STATEMENT_WORDS = ['machine', 'schema', 'device', 'module', 'typealias', 'on', 'test', 'require', 'recover', 'use', 'from'];
const HEADER_WORDS = ['extends', 'as'];
// Of the words of device declarations those that stand where a name can stand too. The others are keywords where no name can be, and so
// names everywhere else without being said to be.
const AMONG_NAMES = ['emit', 'expect', 'since'];
// docs/language.md, loosest first.
const OPERATORS = [
  ['??'], ['||', 'or'], ['&&', 'and'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['in'], ['<<', '>>'], ['..'], ['+', '-'],
  ['*', '/', '%', '//'],
];
const UNARY = OPERATORS.length + 1, POWER = UNARY + 1, POSTFIX = UNARY + 2;

const list = (rule) => seq(rule, repeat(seq(',', rule)));
const trailing = (rule) => optional(seq(list(rule), optional(',')));

// Statements that hold statements, once for code everywhere and once for that of devices, which has statements of its own (`emit`,
// `expect`). A rule of the second begins with the prefix, and is in the tree what it is in the first.
function blocks(prefix) {
  const own = ($, name) => prefix ? alias($[prefix + name], $[name]) : $[name];
  const rules = {
    block: ($) => prec.dynamic(1, seq('{', repeat($[`${prefix || '_'}statement`]), '}')),
    if_statement: ($) => seq('if', $._expression, own($, 'block'), optional(seq('else', choice(own($, 'if_statement'), own($, 'block'))))),
    while_statement: ($) => seq('while', $._expression, own($, 'block')),
    for_statement: ($) => seq('for', choice(
      seq(list($._name), 'in', $._expression),
      seq('(', list($._name), 'in', $._expression, ')'),
      seq('(', list($._name), ')', 'in', $._expression),
      seq('(', optional(choice($.let_statement, $._step)), ';', optional($._expression), ';', optional($._step), ')')), own($, 'block')),
    switch_statement: ($) => seq('switch', $._expression, '{', repeat(own($, 'switch_case')), '}'),
    switch_case: ($) => prec.right(seq(choice(seq('case', $._expression_list), 'default'),
      choice(seq(':', repeat($[`${prefix || '_'}statement`])), own($, 'block')))),
    match_statement: ($) => seq('match', $._expression, '{', repeat(own($, 'match_arm')), '}'),
    match_arm: ($) => seq($._expression, optional(seq('if', $._expression)), '=>', choice(
      seq(own($, 'block'), optional(choice(',', ';'))),
      seq(choice($.jump_statement, $.pass_statement, seq($._expression, optional(seq($.assignment_operator, $._expression)))), choice(',', $._end)))),
    try_statement: ($) => prec.right(seq('try', own($, 'block'),
      optional(seq('catch', optional(choice($._name, seq('(', $._name, ')'))), own($, 'block'))), optional(seq('finally', own($, 'block'))))),
    function_definition: ($) => seq($._function_head, own($, 'block')),
    on_statement: ($) => seq('on', field('name', $._name), optional(seq($.arguments, optional($.parameters))), own($, 'block')),
    test_statement: ($) => seq('test', $.string, own($, 'block')),
  };
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [prefix + name, rule]));
}
const code = ($, name) => alias($[`_code_${name}`], $[name]);

module.exports = grammar({
  name: 'nyx',
  word: ($) => $.identifier,
  extras: ($) => [/\s/, $.comment],
  // The last is valid only while tree-sitter looks for a way out of a mistake: no unit is taken then.
  externals: ($) => [$._end_of_line, $.unit, $._recovering],
  conflicts: ($) => [
    [$._expression_list], [$.for_statement, $._expression], [$._code_for_statement, $._expression], [$.block, $.map], [$._code_block, $.map],
    [$.require_statement, $._name], [$.expect_statement, $._name], [$.since, $._name], [$.emit_statement, $._name],
  ],

  rules: {
    source_file: ($) => repeat(choice($._common_statement, $.device_declaration)),
    ...blocks(''),
    ...blocks('_code_'),

    _end: ($) => choice(';', $._end_of_line),
    _statement: ($) => choice(
      $._common_statement, seq(alias($._named_device, $.device_statement), $._end), alias($._named_device_block, $.device_block)),
    _common_statement: ($) => choice(
      seq(choice($.let_statement, $.jump_statement, $.assert_statement, $.pass_statement, $.import_statement, $.type_alias,
                 $.require_statement, $.recover_statement, $.expression_statement), $._end),
      seq($.function_declaration, $._end), $.function_definition, seq($.device_statement, $._end), $.device_block,
      $.if_statement, $.while_statement, $.for_statement, $.switch_statement, $.match_statement, $.try_statement,
      $.class_declaration, $.module_declaration, $.machine_declaration, $.schema_declaration, $.on_statement, $.test_statement,
      $.block, ';'),

    let_statement: ($) => seq($._let, choice(list($._name), seq('(', list($._name), ')')), optional($._annotation), optional($._initial)),
    _let: ($) => choice(seq('let', optional('mut')), 'const'),
    _annotation: ($) => seq(':', field('type', $._type)),
    _initial: ($) => seq('=', field('value', $._expression)),
    expression_statement: ($) => seq($._expression_list, optional($._assigned)),
    _assigned: ($) => seq($.assignment_operator, $._expression_list),
    assignment_operator: () => choice('=', '+=', '-=', '*=', '/=', '%=', '|=', '&=', '^=', '<<=', '>>='),
    _expression_list: ($) => list($._expression),

    _step: ($) => seq($._expression, optional(seq($.assignment_operator, $._expression))),
    jump_statement: ($) => choice('break', 'continue', seq('return', optional($._expression_list)), seq(choice('throw', 'raise'), $._expression)),
    assert_statement: ($) => seq('assert', list($._expression)),
    pass_statement: () => 'pass',

    import_statement: ($) => choice(
      seq(choice('import', 'use'), $._path, optional(seq('as', $._name))),
      seq('from', $._path, 'import', list($._name))),
    _path: ($) => choice($.string, $.dotted_name),
    type_alias: ($) => seq('typealias', field('name', $._name), '=', $._type),

    function_declaration: ($) => $._function_head,
    _function_head: ($) => seq('fn', field('name', $._name), $.parameters, optional(seq('->', field('type', $._type)))),
    parameters: ($) => seq('(', trailing($.parameter), ')'),
    parameter: ($) => seq(optional('mut'), field('name', $._name), optional($._annotation), optional($._initial), optional($.documentation)),
    _base: ($) => seq(choice('extends', ':'), field('base', $.dotted_name)),
    class_declaration: ($) => seq('class', field('name', $._name), optional($._base), '{',
      repeat(choice(seq(choice($.function_declaration, $.field, $.pass_statement), $._end), $.function_definition, $.documentation, ';')), '}'),
    field: ($) => seq(optional($._let), field('name', $._name), optional($._annotation), optional($._initial), optional($.documentation)),
    _annotated_field: ($) => seq(field('name', $._name), optional($._annotation), optional($._initial), repeat($.annotation),
      optional($.documentation)),
    annotation: ($) => seq('@', field('name', $._name), optional($.arguments)),
    module_declaration: ($) => seq('module', field('name', $._name), $.block),
    dotted_name: ($) => prec.right(seq($._name, repeat(seq('.', $._any_name)))),

    machine_declaration: ($) => seq('machine', field('name', $._name), optional($._base), $.block),
    schema_declaration: ($) => seq('schema', field('name', $._name), optional($._base), repeat($.annotation), '{',
      repeat(choice(seq(alias($._annotated_field, $.field), choice(',', $._end)), $.documentation, ';')), '}'),
    device_statement: ($) => seq(field('kind', $.identifier), field('name', $._name), $.arguments),
    device_block: ($) => choice(seq(field('kind', $.identifier), field('name', $._name), optional($.arguments), $.block),
      seq(field('kind', $.identifier), $.block)),
    _named_device: ($) => seq('device', field('name', $._name), $.arguments),
    _named_device_block: ($) => seq('device', field('name', $._name), optional($.arguments), $.block),
    require_statement: ($) => seq('require', list($._expression)),
    recover_statement: ($) => seq('recover', $._name),

    device_declaration: ($) => seq('device', field('name', $._name), optional($.parameters), optional($._base), repeat($.device_option),
      $.device_body),
    device_option: ($) => seq(field('name', $.identifier), $._expression),
    device_body: ($) => seq('{', repeat(choice(seq(optional('override'), $._item), $.documentation, ';')), '}'),
    _item: ($) => choice(
      seq(choice($.host_declaration, $.derive_declaration, $.timer_declaration, $.index_declaration, $.invariant_declaration,
                 alias($._register, $.register_declaration), $.function_declaration, $.pass_statement), $._end),
      $.state_declaration, $.bank_declaration, $.register_declaration, $.when_declaration, $.phase_declaration, $.acpi_declaration,
      $.enum_declaration, $.migrate_declaration, code($, 'on_statement'), code($, 'test_statement'), code($, 'function_definition')),
    host_declaration: ($) => seq('host', list($.port)),
    port: ($) => seq(field('name', $._name), $._annotation, optional(seq('when', $._expression))),
    state_declaration: ($) => seq('state', $._state_body),
    _state_body: ($) => seq('{', repeat(choice(seq($.field, $._end), $.since, $.documentation, ';')), '}'),
    since: ($) => seq('since', $._expression, $._state_body),
    derive_declaration: ($) => seq('derive', field('name', $._name), optional($._annotation), $._initial),
    timer_declaration: ($) => seq('timer', field('name', $._name), optional($.arguments)),
    bank_declaration: ($) => seq('bank', field('name', $._name), ':', field('space', $._name), '@', $._expression,
      repeat(seq(',', choice($.bank_option, $.number))), $.device_body),
    bank_option: ($) => seq(field('name', $.identifier), $._expression),
    register_declaration: ($) => seq($._register, '{',
      repeat(choice(seq($.register_field, $._end), code($, 'on_statement'), $.documentation, ';')), '}'),
    _register: ($) => seq('reg', field('name', $._name), optional(seq('[', $._expression, ']')), '@', $._expression, repeat($._register_part)),
    _register_part: ($) => choice(
      $._annotation, $._initial, seq('stride', $._expression), seq('reset', $._expression), $.promise, $.register_kind, $.documentation),
    promise: ($) => seq('@', $._name, '(', $._name, optional(seq('-', $._name)), ')'),
    register_kind: ($) => prec.right(seq(choice($.identifier, 'const'), optional(seq('(', $.identifier, ')')))),
    register_field: ($) => seq(field('name', $._name), ':', field('bits', $._expression), optional($.register_kind), optional($._initial),
      optional($.documentation)),
    when_declaration: ($) => seq('when', $._expression, $.device_body, optional(seq('else', $.device_body))),
    index_declaration: ($) => seq('index', field('name', $._name), '@', $._expression, ',', field('data', $._name), '@', $._expression,
      alias($.identifier, 'of'), $._expression),
    phase_declaration: ($) => seq('phase', field('name', $._name), optional(seq(alias($.identifier, 'after'), $._expression)), $.device_body),
    invariant_declaration: ($) => seq('invariant', $._expression),
    migrate_declaration: ($) => seq('migrate', $.number, '->', $.number, optional(seq('(', field('old', $._name), ')')), code($, 'block')),
    acpi_declaration: ($) => seq('acpi', $.block),
    enum_declaration: ($) => seq('enum', field('name', $._name), optional($._annotation), '{',
      repeat(choice(seq($.enum_value, choice(',', $._end)), $.documentation, ',', ';')), '}'),
    enum_value: ($) => seq(field('name', $._name), $._initial, optional($.documentation)),
    _code_statement: ($) => choice(
      seq(choice($.let_statement, $.jump_statement, $.assert_statement, $.pass_statement, $.require_statement, $.emit_statement,
                 $.expect_statement, $.expression_statement), $._end),
      ...['if', 'while', 'for', 'switch', 'match', 'try'].map((word) => code($, `${word}_statement`)), code($, 'block'), ';'),
    emit_statement: ($) => prec.dynamic(1, seq('emit', $._expression)),
    expect_statement: ($) => prec.dynamic(1, seq('expect', list($._expression))),

    _type: ($) => prec.right(seq(choice($.function_type, $.plain_type), optional('?'))),
    function_type: ($) => prec.right(seq('fn', '(', optional(list($._type)), ')', optional(seq('->', $._type)))),
    plain_type: ($) => prec.right(choice(
      seq('[', $._type, optional(seq(';', $._expression)), ']'), 'null',
      seq($.dotted_name, optional(seq('<', list(choice($._type, $.number)), '>')), optional(seq('(', trailing($._expression), ')'))))),

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
    _name: ($) => choice($.identifier, ...[...STATEMENT_WORDS, ...HEADER_WORDS, ...AMONG_NAMES].map((word) => alias(word, $.identifier))),
    _any_name: ($) => choice($._name, ...KEYWORDS.map((word) => alias(word, $.identifier))),

    number: () => token(choice(/[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?/, /0[xX][0-9A-Fa-f_]+/, /0[oO][0-7_]+/, /0[bB][01_]+/)),
    quantity: ($) => seq($.number, $.unit),

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
