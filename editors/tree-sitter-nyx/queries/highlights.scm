(identifier) @variable
(comment) @comment
(string) @string
(documentation) @string.special
(escape) @escape
(format) @string.special
(interpolation "${" @punctuation.special "}" @punctuation.special)
[(number) (quantity)] @number
(unit) @type.builtin
(boolean) @constant.builtin
(null) @constant.builtin
(super) @variable.builtin
((identifier) @variable.builtin (#match? @variable.builtin "^(self|this)$"))

(member name: (identifier) @property)
(call (identifier) @function)
(call (member name: (identifier) @function.method))
(argument name: (identifier) @variable.parameter)
(parameter name: (identifier) @variable.parameter)
(field name: (identifier) @property)
(map_entry key: (identifier) @property)
(plain_type (dotted_name) @type)
(function_declaration name: (identifier) @function)
(function_definition name: (identifier) @function)
(class_declaration name: (identifier) @type)
(machine_declaration name: (identifier) @type)
(schema_declaration name: (identifier) @type)
(module_declaration name: (identifier) @namespace)
(type_alias name: (identifier) @type)
(device_statement kind: (identifier) @type)
(device_block kind: (identifier) @type)
(on_statement name: (identifier) @function)
(annotation "@" @attribute name: (identifier) @attribute)

(device_declaration name: (identifier) @type)
(device_option name: (identifier) @attribute)
(port name: (identifier) @property)
(derive_declaration name: (identifier) @property)
(timer_declaration name: (identifier) @property)
(bank_declaration name: (identifier) @type)
(bank_declaration space: (identifier) @type.builtin)
(bank_option name: (identifier) @attribute)
(register_declaration name: (identifier) @property)
(register_kind) @type.builtin
(register_field name: (identifier) @property)
(promise "@" @attribute (identifier) @attribute)
(index_declaration name: (identifier) @property data: (identifier) @property)
(phase_declaration name: (identifier) @type)
(enum_declaration name: (identifier) @type)
(enum_value name: (identifier) @constant)

[
  "let" "mut" "const" "fn" "class" "import" "if" "else" "while" "for" "in" "switch" "case" "default" "match" "return" "try" "catch"
  "finally" "throw" "raise" "assert" "and" "or" "not" "machine" "schema" "device" "module" "typealias" "on" "test" "require" "recover"
  "use" "from" "extends" "as" "break" "continue"
  "acpi" "bank" "derive" "emit" "enum" "expect" "host" "index" "invariant" "migrate" "override" "phase" "after" "of" "reg" "reset" "since" "state"
  "stride" "timer" "when"
] @keyword
(pass_statement) @keyword
