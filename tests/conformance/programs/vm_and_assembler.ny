# A 32-bit processor of our own: its instruction set, an assembler with labels, expressions and macros, a disassembler, and a machine
# with memory, ports, interrupts and a debugger. Then programs for it, written in its assembly.

# ---- The instruction set -----------------------------------------------------------------------------------------------------------------

const WORD = 0xFFFFFFFF
const SIGN = 0x80000000

module Kind {
    const NONE = 0       # hlt
    const REG = 1        # push r
    const REG_REG = 2    # add r, r
    const REG_IMM = 3    # addi r, n
    const REG_MEM = 4    # load r, [r + n]
    const ADDRESS = 5    # jmp label
    const REG_PORT = 6   # in r, port
    const IMM = 7        # int n
}

class Opcode {
    name: string
    code: int
    kind: int
    cycles: int = 1
}

const OPCODES = [
    Opcode("nop", 0x00, Kind.NONE), Opcode("hlt", 0x01, Kind.NONE), Opcode("ret", 0x02, Kind.NONE, 4), Opcode("iret", 0x03, Kind.NONE, 6),
    Opcode("sti", 0x04, Kind.NONE), Opcode("cli", 0x05, Kind.NONE), Opcode("brk", 0x06, Kind.NONE),
    Opcode("push", 0x10, Kind.REG, 2), Opcode("pop", 0x11, Kind.REG, 2), Opcode("not", 0x12, Kind.REG), Opcode("neg", 0x13, Kind.REG),
    Opcode("inc", 0x14, Kind.REG), Opcode("dec", 0x15, Kind.REG), Opcode("callr", 0x16, Kind.REG, 4),
    Opcode("mov", 0x20, Kind.REG_REG), Opcode("add", 0x21, Kind.REG_REG), Opcode("sub", 0x22, Kind.REG_REG), Opcode("mul", 0x23, Kind.REG_REG, 8),
    Opcode("div", 0x24, Kind.REG_REG, 24), Opcode("mod", 0x25, Kind.REG_REG, 24), Opcode("and", 0x26, Kind.REG_REG), Opcode("or", 0x27, Kind.REG_REG),
    Opcode("xor", 0x28, Kind.REG_REG), Opcode("shl", 0x29, Kind.REG_REG), Opcode("shr", 0x2A, Kind.REG_REG), Opcode("sar", 0x2B, Kind.REG_REG),
    Opcode("cmp", 0x2C, Kind.REG_REG), Opcode("test", 0x2D, Kind.REG_REG), Opcode("adc", 0x2E, Kind.REG_REG), Opcode("sbb", 0x2F, Kind.REG_REG),
    Opcode("movi", 0x40, Kind.REG_IMM), Opcode("addi", 0x41, Kind.REG_IMM), Opcode("subi", 0x42, Kind.REG_IMM), Opcode("muli", 0x43, Kind.REG_IMM, 8),
    Opcode("andi", 0x46, Kind.REG_IMM), Opcode("ori", 0x47, Kind.REG_IMM), Opcode("xori", 0x48, Kind.REG_IMM), Opcode("shli", 0x49, Kind.REG_IMM),
    Opcode("shri", 0x4A, Kind.REG_IMM), Opcode("sari", 0x4B, Kind.REG_IMM), Opcode("cmpi", 0x4C, Kind.REG_IMM), Opcode("testi", 0x4D, Kind.REG_IMM),
    Opcode("load", 0x60, Kind.REG_MEM, 3), Opcode("loadb", 0x61, Kind.REG_MEM, 3), Opcode("store", 0x62, Kind.REG_MEM, 3),
    Opcode("storeb", 0x63, Kind.REG_MEM, 3), Opcode("lea", 0x64, Kind.REG_MEM),
    Opcode("jmp", 0x80, Kind.ADDRESS, 2), Opcode("jz", 0x81, Kind.ADDRESS, 2), Opcode("jnz", 0x82, Kind.ADDRESS, 2), Opcode("jc", 0x83, Kind.ADDRESS, 2),
    Opcode("jnc", 0x84, Kind.ADDRESS, 2), Opcode("jl", 0x85, Kind.ADDRESS, 2), Opcode("jge", 0x86, Kind.ADDRESS, 2), Opcode("jg", 0x87, Kind.ADDRESS, 2),
    Opcode("jle", 0x88, Kind.ADDRESS, 2), Opcode("js", 0x89, Kind.ADDRESS, 2), Opcode("call", 0x8F, Kind.ADDRESS, 4),
    Opcode("in", 0xA0, Kind.REG_PORT, 10), Opcode("out", 0xA1, Kind.REG_PORT, 10), Opcode("int", 0xB0, Kind.IMM, 8)
]

const BY_NAME = fn() {
    let table = {}
    for opcode in OPCODES { table[opcode.name] = opcode }
    return table
}()
const BY_CODE = fn() {
    let table = {}
    for opcode in OPCODES {
        assert !table.has(opcode.code), "two instructions have code ${opcode.code:#04x}"
        table[opcode.code] = opcode
    }
    return table
}()

const REGISTERS = ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "fp", "sp", "lr"]
const SP = 14
const FP = 13

fn register_number(name: string) -> int { return REGISTERS.find(name.lower()) }

# Without a sign from 32 bits, and back
fn signed(value: int) -> int {
    if (value & SIGN) != 0 { return value - 0x100000000 }
    return value
}
fn wrap(value: int) -> int { return value & WORD }

# ---- Words of a line ----------------------------------------------------------------------------------------------------------------------

class Token {
    kind: string
    text: string
    column: int
}

fn is_digit(c: string) -> bool { return c >= "0" && c <= "9" }
fn is_letter(c: string) -> bool { return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c == "_" || c == "." }

class AssemblyError {
    line: int
    message: string
    fn text(self) -> string { return "line ${self.line}: ${self.message}" }
}

class Lexer {
    fn init(self, text: string, line: int) {
        self.chars = text.chars()
        self.line = line
        self.at = 0
    }
    fn peek(self) -> string {
        if self.at < len(self.chars) { return self.chars[self.at] }
        return ""
    }
    fn take_while(self, wanted: fn(string) -> bool) -> string {
        let start = self.at
        while self.at < len(self.chars) && wanted(self.chars[self.at]) { self.at += 1 }
        return self.chars[start:self.at].join()
    }
    fn string(self) -> string {
        self.at += 1
        let parts = []
        while self.peek() != "\"" {
            if self.peek() == "" { throw AssemblyError(self.line, "the text does not end") }
            if self.peek() == "\\" {
                self.at += 1
                let escapes = {n: "\n", t: "\t", "0": "\0", "\\": "\\", "\"": "\""}
                let c = self.peek()
                if !escapes.has(c) { throw AssemblyError(self.line, "there is no escape \\${c}") }
                parts.push(escapes[c])
            } else {
                parts.push(self.peek())
            }
            self.at += 1
        }
        self.at += 1
        return parts.join()
    }
    fn tokens(self) -> array<Token> {
        let found = []
        while true {
            self.take_while(fn(c) { return c == " " || c == "\t" })
            let c = self.peek()
            let column = self.at
            if c == "" || c == ";" { return found }
            if is_letter(c) {
                found.push(Token("word", self.take_while(fn(x) { return is_letter(x) || is_digit(x) }), column))
            } else if is_digit(c) {
                found.push(Token("number", self.take_while(fn(x) { return is_letter(x) || is_digit(x) }), column))
            } else if c == "\"" {
                found.push(Token("string", self.string(), column))
            } else if c == "'" {
                if len(self.chars) < self.at + 3 || self.chars[self.at + 2] != "'" { throw AssemblyError(self.line, "a character stands in ''") }
                found.push(Token("number", str(ord(self.chars[self.at + 1])), column))
                self.at += 3
            } else if c in "<>" && self.at + 1 < len(self.chars) && self.chars[self.at + 1] == c {
                found.push(Token("sign", c + c, column))
                self.at += 2
            } else if c in "+-*/%&|^~()[],:=" {
                found.push(Token("sign", c, column))
                self.at += 1
            } else {
                throw AssemblyError(self.line, "`${c}` means nothing here")
            }
        }
    }
}

# ---- Expressions: by precedence climbing, evaluated when all labels are known ----------------------------------------------------------------

const PRECEDENCE = {"|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
const OPERATIONS = {
    "|": fn(a, b) { return a | b }, "^": fn(a, b) { return a ^ b }, "&": fn(a, b) { return a & b },
    "<<": fn(a, b) { return wrap(a << b) }, ">>": fn(a, b) { return a >> b },
    "+": fn(a, b) { return a + b }, "-": fn(a, b) { return a - b }, "*": fn(a, b) { return a * b },
    "/": fn(a, b) { return a // b }, "%": fn(a, b) { return a % b }
}

fn parse_number(text: string, line: int) -> int {
    let clean = text.replace("_", "")
    try {
        if clean.starts_with("0x") { return int(clean[2:], 16) }
        if clean.starts_with("0b") { return int(clean[2:], 2) }
        return int(clean)
    } catch e {
        throw AssemblyError(line, "`${text}` is no number")
    }
}

class Parser {
    fn init(self, tokens: array<Token>, line: int) {
        self.tokens = tokens
        self.line = line
        self.at = 0
    }
    fn fail(self, message: string) { throw AssemblyError(self.line, message) }
    fn done(self) -> bool { return self.at >= len(self.tokens) }
    fn peek(self) -> string {
        if self.done() { return "" }
        return self.tokens[self.at].text
    }
    fn peek_kind(self) -> string {
        if self.done() { return "end" }
        return self.tokens[self.at].kind
    }
    fn next(self) -> Token {
        if self.done() { self.fail("the line ends too early") }
        self.at += 1
        return self.tokens[self.at - 1]
    }
    fn accept(self, sign: string) -> bool {
        if self.peek_kind() == "sign" && self.peek() == sign {
            self.at += 1
            return true
        }
        return false
    }
    fn expect(self, sign: string) {
        if !self.accept(sign) { self.fail("expected `${sign}`, found `${self.peek()}`") }
    }
    fn register(self) -> int {
        let token = self.next()
        let number = register_number(token.text)
        if number < 0 { self.fail("`${token.text}` is no register") }
        return number
    }
    # A function of the symbols
    fn expression(self, level: int = 1) -> fn(map<string, int>) -> int {
        let mut left = self.operand()
        while self.peek_kind() == "sign" && PRECEDENCE.get(self.peek(), 0) >= level {
            let sign = self.next().text
            let right = self.expression(PRECEDENCE[sign] + 1)
            let first = left
            let operation = OPERATIONS[sign]
            left = fn(symbols) { return operation(first(symbols), right(symbols)) }
        }
        return left
    }
    fn operand(self) -> fn(map<string, int>) -> int {
        let line = self.line
        if self.accept("-") {
            let inner = self.operand()
            return fn(symbols) { return -inner(symbols) }
        }
        if self.accept("~") {
            let inner = self.operand()
            return fn(symbols) { return wrap(~inner(symbols)) }
        }
        if self.accept("(") {
            let inner = self.expression()
            self.expect(")")
            return inner
        }
        let token = self.next()
        if token.kind == "number" {
            let value = parse_number(token.text, line)
            return fn(symbols) { return value }
        }
        if token.kind == "word" {
            let name = token.text
            return fn(symbols) {
                if !symbols.has(name) { throw AssemblyError(line, "there is no symbol `${name}`") }
                return symbols[name]
            }
        }
        self.fail("`${token.text}` is no value")
    }
}

# ---- The assembler ------------------------------------------------------------------------------------------------------------------------

class Fixup {
    address: int
    size: int
    value: any
    line: int
}

class Program {
    code: array<int> = []
    symbols: map<string, int> = {}
    lines: map<int, int> = {}
    origin: int = 0

    fn size(self) -> int { return len(self.code) }
    fn symbol_at(self, address: int) -> string {
        let mut best = null
        for name, value in self.symbols {
            if value <= address && (best == null || value > self.symbols[best]) { best = name }
        }
        if best == null { return hex(address) }
        if self.symbols[best] == address { return best }
        return "${best}+${address - self.symbols[best]}"
    }
}

class Macro {
    name: string
    parameters: array<string>
    body: array<string> = []
}

class Assembler {
    fn init(self) {
        self.program = Program()
        self.fixups = []
        self.macros = {}
        self.scope = ""
        self.expansions = 0
        self.errors = []
    }
    fn here(self) -> int { return self.program.origin + len(self.program.code) }

    fn byte(self, value: int) { self.program.code.push(value & 0xFF) }
    fn word(self, value: int) { for shift in [0, 8, 16, 24] { self.byte(value >> shift) } }
    fn later(self, size: int, value, line: int) {
        self.fixups.push(Fixup(len(self.program.code), size, value, line))
        for i in 0..size { self.byte(0) }
    }
    fn local(self, name: string) -> string {
        if name.starts_with(".") { return self.scope + name }
        return name
    }
    fn define(self, name: string, value: int, line: int) {
        let full = self.local(name)
        if self.program.symbols.has(full) { throw AssemblyError(line, "`${full}` is defined twice") }
        self.program.symbols[full] = value
        if !name.starts_with(".") { self.scope = name }
    }
    # Local names become full ones as they are read
    fn qualify(self, tokens: array<Token>) {
        for token in tokens {
            if token.kind == "word" && token.text.starts_with(".") && len(token.text) > 1 && !DIRECTIVES.has(token.text) { token.text = self.local(token.text) }
        }
    }

    fn assemble(self, source: string) -> Program {
        self.lines(source.split("\n"), 1)
        for fixup in self.fixups { self.resolve(fixup) }
        return self.program
    }
    fn lines(self, lines: array<string>, first: int) {
        let mut number = first
        let mut macro = null
        for line in lines {
            try {
                let words = line.trim().split()
                if macro != null {
                    if len(words) > 0 && words[0] == ".endm" { macro = null } else { macro.body.push(line) }
                } else if len(words) > 0 && words[0] == ".macro" {
                    macro = Macro(words[1].replace(",", ""), [word.replace(",", "") for word in words[2:]])
                    self.macros[macro.name] = macro
                } else {
                    self.line(line, number)
                }
            } catch e {
                if type(e) != "AssemblyError" { throw e }
                self.errors.push(e.text())
            }
            number += 1
        }
    }
    fn line(self, text: string, number: int) {
        let mut tokens = Lexer(text, number).tokens()
        if len(tokens) >= 2 && tokens[0].kind == "word" && tokens[1].text == ":" {
            self.define(tokens[0].text, self.here(), number)
            tokens = tokens[2:]
        }
        if len(tokens) == 0 { return }
        if len(tokens) >= 2 && tokens[1].text == "=" {
            let value = Parser(tokens[2:], number).expression()
            return self.define(tokens[0].text, value(self.program.symbols), number)
        }
        let name = tokens[0].text
        self.qualify(tokens[1:])
        let parser = Parser(tokens[1:], number)
        if DIRECTIVES.has(name) {
            DIRECTIVES[name](self, parser, number)
        } else if self.macros.has(name) {
            return self.expand(self.macros[name], tokens[1:], number)
        } else if BY_NAME.has(name) {
            self.program.lines[self.here()] = number
            self.instruction(BY_NAME[name], parser, number)
        } else {
            throw AssemblyError(number, "there is no instruction `${name}`")
        }
        if !parser.done() { throw AssemblyError(number, "`${parser.peek()}` is too much here") }
    }
    fn expand(self, macro: Macro, tokens: array<Token>, number: int) {
        let given = []
        let mut current = []
        for token in tokens {
            if token.text == "," {
                given.push(current.join(" "))
                current = []
            } else {
                current.push(token.text)
            }
        }
        if len(current) > 0 { given.push(current.join(" ")) }
        if len(given) != len(macro.parameters) { throw AssemblyError(number, "macro `${macro.name}` takes ${len(macro.parameters)} arguments") }
        self.expansions += 1
        if self.expansions > 1000 { throw AssemblyError(number, "macros expand without end") }
        let unique = "m${self.expansions}"
        for line in macro.body {
            let mut text = line.replace("@@", unique)
            for i, parameter in macro.parameters { text = text.replace("\\${parameter}", given[i]) }
            self.line(text, number)
        }
    }
    fn instruction(self, opcode: Opcode, parser: Parser, line: int) {
        self.byte(opcode.code)
        switch opcode.kind {
            case Kind.NONE: pass
            case Kind.REG: self.byte(parser.register())
            case Kind.REG_REG: {
                let first = parser.register()
                parser.expect(",")
                self.byte(first << 4 | parser.register())
            }
            case Kind.REG_IMM: {
                self.byte(parser.register())
                parser.expect(",")
                self.later(4, parser.expression(), line)
            }
            case Kind.REG_MEM: {
                let first = parser.register()
                parser.expect(",")
                parser.expect("[")
                self.byte(first << 4 | parser.register())
                if parser.accept("+") {
                    self.later(4, parser.expression(), line)
                } else if parser.accept("-") {
                    let offset = parser.expression()
                    self.later(4, fn(symbols) { return -offset(symbols) }, line)
                } else {
                    self.word(0)
                }
                parser.expect("]")
            }
            case Kind.ADDRESS: self.later(4, parser.expression(), line)
            case Kind.REG_PORT: {
                self.byte(parser.register())
                parser.expect(",")
                self.later(2, parser.expression(), line)
            }
            case Kind.IMM: self.later(1, parser.expression(), line)
            default: throw AssemblyError(line, "instruction `${opcode.name}` has an unknown form")
        }
    }
    fn resolve(self, fixup: Fixup) {
        try {
            let value = fixup.value(self.program.symbols)
            let limit = 1 << (8 * fixup.size)
            if value >= limit || value < -(limit // 2) { throw AssemblyError(fixup.line, "${value} does not fit into ${fixup.size} bytes") }
            for i in 0..fixup.size { self.program.code[fixup.address + i] = value >> (8 * i) & 0xFF }
        } catch e {
            if type(e) != "AssemblyError" { throw e }
            self.errors.push(e.text())
        }
    }
}

fn data_directive(size: int) {
    return fn(assembler, parser, line) {
        while true {
            if parser.peek_kind() == "string" {
                for c in parser.next().text { assembler.byte(ord(c)) }
            } else {
                assembler.later(size, parser.expression(), line)
            }
            if !parser.accept(",") { return }
        }
    }
}
const DIRECTIVES = {
    ".org": fn(assembler, parser, line) {
        let target = parser.expression()(assembler.program.symbols)
        if len(assembler.program.code) == 0 {
            assembler.program.origin = target
            return
        }
        if target < assembler.here() { throw AssemblyError(line, "the origin goes back") }
        while assembler.here() < target { assembler.byte(0) }
    },
    ".byte": data_directive(1),
    ".half": data_directive(2),
    ".word": data_directive(4),
    ".space": fn(assembler, parser, line) {
        for i in 0..parser.expression()(assembler.program.symbols) { assembler.byte(0) }
    },
    ".align": fn(assembler, parser, line) {
        let step = parser.expression()(assembler.program.symbols)
        while assembler.here() % step != 0 { assembler.byte(0) }
    }
}

# ---- The disassembler ---------------------------------------------------------------------------------------------------------------------

class Decoded {
    opcode: Opcode? = null
    size: int = 1
    a: int = 0
    b: int = 0
    value: int = 0
}

fn decode(read: fn(int) -> int, at: int) -> Decoded {
    let opcode = BY_CODE.get(read(at))
    if opcode == null { return Decoded() }
    let immediate = fn(from_address, size) {
        let mut value = 0
        for (i = size - 1; i >= 0; i--) { value = value << 8 | read(from_address + i) }
        return value
    }
    match opcode.kind {
        0 => return Decoded(opcode, 1)
        1 => return Decoded(opcode, 2, read(at + 1) & 15)
        2 => return Decoded(opcode, 2, read(at + 1) >> 4, read(at + 1) & 15)
        3 => return Decoded(opcode, 6, read(at + 1) & 15, 0, immediate(at + 2, 4))
        4 => return Decoded(opcode, 6, read(at + 1) >> 4, read(at + 1) & 15, immediate(at + 2, 4))
        5 => return Decoded(opcode, 5, 0, 0, immediate(at + 1, 4))
        6 => return Decoded(opcode, 4, read(at + 1) & 15, 0, immediate(at + 2, 2))
        _ => return Decoded(opcode, 2, 0, 0, read(at + 1))
    }
}

fn disassembled(d: Decoded, symbol: fn(int) -> string) -> string {
    if d.opcode == null { return "???" }
    let name = d.opcode.name
    let a = REGISTERS[d.a]
    let b = REGISTERS[d.b]
    match d.opcode.kind {
        0 => return name
        1 => return "${name} ${a}"
        2 => return "${name} ${a}, ${b}"
        3 => return "${name} ${a}, ${signed(d.value)}"
        4 => {
            let offset = signed(d.value)
            if offset == 0 { return "${name} ${a}, [${b}]" }
            if offset < 0 { return "${name} ${a}, [${b} - ${-offset}]" }
            return "${name} ${a}, [${b} + ${offset}]"
        }
        5 => return "${name} ${symbol(d.value)}"
        6 => return "${name} ${a}, ${d.value:#x}"
        _ => return "${name} ${d.value}"
    }
}

fn listing(program: Program) -> array<string> {
    let read = fn(at) { return program.code[at - program.origin] }
    let lines = []
    for address in program.lines.keys() {
        let d = decode(read, address)
        let bytes = ["${read(address + i):02x}" for i in 0..d.size].join(" ")
        lines.push("${address:04x}  ${bytes:<18} ${disassembled(d, fn(target) { return program.symbol_at(target) })}")
    }
    return lines
}

# ---- The machine --------------------------------------------------------------------------------------------------------------------------

class Trap {
    vector: int
    message: string
}

class Bus {
    fn init(self, size: int) {
        self.memory = array(size, 0)
        self.size = size
        self.reads = {}
        self.writes = {}
    }
    fn port(self, number: int, read = null, write = null) {
        if read != null { self.reads[number] = read }
        if write != null { self.writes[number] = write }
    }
    fn read8(self, at: int) -> int {
        if at < 0 || at >= self.size { throw Trap(13, "no memory at ${at:#x}") }
        return self.memory[at]
    }
    fn write8(self, at: int, value: int) {
        if at < 0 || at >= self.size { throw Trap(13, "no memory at ${at:#x}") }
        self.memory[at] = value & 0xFF
    }
    fn read32(self, at: int) -> int {
        if at < 0 || at + 3 >= self.size { throw Trap(13, "no memory at ${at:#x}") }
        let m = self.memory
        return m[at] | m[at + 1] << 8 | m[at + 2] << 16 | m[at + 3] << 24
    }
    fn write32(self, at: int, value: int) {
        if at < 0 || at + 3 >= self.size { throw Trap(13, "no memory at ${at:#x}") }
        self.memory[at] = value & 0xFF
        self.memory[at + 1] = value >> 8 & 0xFF
        self.memory[at + 2] = value >> 16 & 0xFF
        self.memory[at + 3] = value >> 24 & 0xFF
    }
    fn load(self, program: Program) {
        for i, byte in program.code { self.memory[program.origin + i] = byte }
    }
    fn input(self, port: int) -> int {
        let handler = self.reads.get(port)
        if handler == null { return WORD }
        return wrap(handler())
    }
    fn output(self, port: int, value: int) {
        let handler = self.writes.get(port)
        if handler != null { handler(value) }
    }
}

class Flags {
    zero = false
    carry = false
    sign = false
    overflow = false
    interrupts = false

    fn bits(self) -> int { return int(self.zero) | int(self.carry) << 1 | int(self.sign) << 2 | int(self.overflow) << 3 | int(self.interrupts) << 4 }
    fn set_bits(self, bits: int) {
        self.zero = (bits & 1) != 0
        self.carry = (bits & 2) != 0
        self.sign = (bits & 4) != 0
        self.overflow = (bits & 8) != 0
        self.interrupts = (bits & 16) != 0
    }
    fn text(self) -> string {
        let shown = [("Z", self.zero), ("C", self.carry), ("S", self.sign), ("O", self.overflow), ("I", self.interrupts)]
        return [["-", letter][int(on)] for letter, on in shown].join()
    }
}

class Processor {
    fn init(self, bus: Bus) {
        self.bus = bus
        self.r = array(16, 0)
        self.ip = 0
        self.flags = Flags()
        self.halted = false
        self.cycles = 0
        self.executed = 0
        self.pending = []
        self.breakpoints = {}
        self.on_break = null
        self.counts = {}
        self.execute = self._operations()
    }

    fn _flags_of(self, result: int) -> int {
        let value = wrap(result)
        self.flags.zero = value == 0
        self.flags.sign = (value & SIGN) != 0
        return value
    }
    fn _add(self, a: int, b: int, carry: int = 0) -> int {
        let sum = a + b + carry
        self.flags.carry = sum > WORD
        self.flags.overflow = ((a ^ sum) & (b ^ sum) & SIGN) != 0
        return self._flags_of(sum)
    }
    fn _subtract(self, a: int, b: int, borrow: int = 0) -> int {
        let difference = a - b - borrow
        self.flags.carry = difference < 0
        self.flags.overflow = ((a ^ b) & (a ^ difference) & SIGN) != 0
        return self._flags_of(difference)
    }
    fn _logic(self, result: int) -> int {
        self.flags.carry = false
        self.flags.overflow = false
        return self._flags_of(result)
    }
    fn _less(self) -> bool { return self.flags.sign != self.flags.overflow }

    fn push(self, value: int) {
        self.r[SP] = wrap(self.r[SP] - 4)
        self.bus.write32(self.r[SP], value)
    }
    fn pop(self) -> int {
        let value = self.bus.read32(self.r[SP])
        self.r[SP] = wrap(self.r[SP] + 4)
        return value
    }

    # What each instruction does, by name: a table of closures
    fn _operations(self) {
        let r = self.r
        let flags = self.flags
        let jump_if = fn(holds) { return fn(d) { if holds() { self.ip = d.value } } }
        let binary = fn(operation) { return fn(d) { r[d.a] = operation(r[d.a], r[d.b]) } }
        let immediate = fn(operation) { return fn(d) { r[d.a] = operation(r[d.a], d.value) } }
        let shift_left = fn(a, b) { return self._logic(a << (b & 31)) }
        let shift_right = fn(a, b) { return self._logic(a >> (b & 31)) }
        let shift_signed = fn(a, b) { return self._logic(signed(a) >> (b & 31)) }
        let multiply = fn(a, b) {
            let full = signed(a) * signed(b)
            let result = self._logic(full)
            flags.overflow = full != signed(result)
            flags.carry = flags.overflow
            return result
        }
        let divide = fn(a, b) {
            if b == 0 { throw Trap(0, "division by zero") }
            return self._logic(a // b)
        }
        let modulo = fn(a, b) {
            if b == 0 { throw Trap(0, "division by zero") }
            return self._logic(a % b)
        }
        let plus = fn(a, b) { return self._add(a, b) }
        let minus = fn(a, b) { return self._subtract(a, b) }
        let both = fn(a, b) { return self._logic(a & b) }
        let either = fn(a, b) { return self._logic(a | b) }
        let differ = fn(a, b) { return self._logic(a ^ b) }
        let address = fn(d) { return wrap(r[d.b] + d.value) }
        return {
            nop: fn(d) { pass },
            hlt: fn(d) { self.halted = true },
            ret: fn(d) { self.ip = self.pop() },
            iret: fn(d) {
                self.ip = self.pop()
                flags.set_bits(self.pop())
            },
            sti: fn(d) { flags.interrupts = true },
            cli: fn(d) { flags.interrupts = false },
            brk: fn(d) { if self.on_break != null { self.on_break(self) } },
            push: fn(d) { self.push(r[d.a]) },
            pop: fn(d) { r[d.a] = self.pop() },
            "not": fn(d) { r[d.a] = wrap(~r[d.a]) },
            neg: fn(d) { r[d.a] = self._subtract(0, r[d.a]) },
            inc: fn(d) { r[d.a] = self._add(r[d.a], 1) },
            dec: fn(d) { r[d.a] = self._subtract(r[d.a], 1) },
            callr: fn(d) {
                self.push(self.ip)
                self.ip = r[d.a]
            },
            mov: fn(d) { r[d.a] = r[d.b] },
            add: binary(plus), sub: binary(minus), mul: binary(multiply), div: binary(divide), mod: binary(modulo),
            "and": binary(both), "or": binary(either), xor: binary(differ), shl: binary(shift_left), shr: binary(shift_right), sar: binary(shift_signed),
            cmp: fn(d) { self._subtract(r[d.a], r[d.b]) },
            test: fn(d) { self._logic(r[d.a] & r[d.b]) },
            adc: fn(d) { r[d.a] = self._add(r[d.a], r[d.b], int(flags.carry)) },
            sbb: fn(d) { r[d.a] = self._subtract(r[d.a], r[d.b], int(flags.carry)) },
            movi: fn(d) { r[d.a] = d.value },
            addi: immediate(plus), subi: immediate(minus), muli: immediate(multiply), andi: immediate(both), ori: immediate(either),
            xori: immediate(differ), shli: immediate(shift_left), shri: immediate(shift_right), sari: immediate(shift_signed),
            cmpi: fn(d) { self._subtract(r[d.a], d.value) },
            testi: fn(d) { self._logic(r[d.a] & d.value) },
            load: fn(d) { r[d.a] = self.bus.read32(address(d)) },
            loadb: fn(d) { r[d.a] = self.bus.read8(address(d)) },
            store: fn(d) { self.bus.write32(address(d), r[d.a]) },
            storeb: fn(d) { self.bus.write8(address(d), r[d.a]) },
            lea: fn(d) { r[d.a] = address(d) },
            jmp: fn(d) { self.ip = d.value },
            jz: jump_if(fn() { return flags.zero }), jnz: jump_if(fn() { return !flags.zero }),
            jc: jump_if(fn() { return flags.carry }), jnc: jump_if(fn() { return !flags.carry }),
            jl: jump_if(fn() { return self._less() }), jge: jump_if(fn() { return !self._less() }),
            jg: jump_if(fn() { return !flags.zero && !self._less() }), jle: jump_if(fn() { return flags.zero || self._less() }),
            js: jump_if(fn() { return flags.sign }),
            call: fn(d) {
                self.push(self.ip)
                self.ip = d.value
            },
            "in": fn(d) { r[d.a] = self.bus.input(d.value) },
            out: fn(d) { self.bus.output(d.value, r[d.a]) },
            int: fn(d) { self.interrupt(d.value) }
        }
    }

    fn interrupt(self, vector: int) {
        let target = self.bus.read32(vector * 4)
        if target == 0 { throw "nothing handles interrupt ${vector} at ${self.ip:#x}" }
        self.push(self.flags.bits())
        self.push(self.ip)
        self.flags.interrupts = false
        self.halted = false
        self.ip = target
    }
    fn request(self, vector: int) { if !(vector in self.pending) { self.pending.push(vector) } }

    # Decoded instructions by address: code that changes itself forgets them
    cache = {}
    fn fetch(self) -> Decoded {
        let known = self.cache.get(self.ip)
        if known != null { return known }
        let d = decode(fn(at) { return self.bus.read8(at) }, self.ip)
        self.cache[self.ip] = d
        return d
    }
    fn step(self) {
        if self.flags.interrupts && len(self.pending) > 0 { self.interrupt(self.pending.pop(0)) }
        if self.halted { return }
        let at = self.ip
        let d = self.fetch()
        try {
            if d.opcode == null { throw Trap(6, "no instruction ${self.bus.read8(at):#04x}") }
            self.ip = at + d.size
            self.execute[d.opcode.name](d)
            self.cycles += d.opcode.cycles
        } catch trap {
            if type(trap) != "Trap" { throw trap }
            self.ip = at
            self.r[0] = trap.vector
            self.interrupt(trap.vector)
        }
        self.executed += 1
        if d.opcode != null { self.counts[d.opcode.name] = self.counts.get(d.opcode.name, 0) + 1 }
    }
    fn run(self, most: int = 1000000) -> string {
        for i in 0..most {
            if self.halted && len(self.pending) == 0 { return "halted" }
            if self.breakpoints.has(self.ip) && self.breakpoints[self.ip](self) { return "breakpoint" }
            self.step()
        }
        return "stopped"
    }
}

# A timer that asks for an interrupt every so many cycles
class Timer {
    fn init(self, processor: Processor, vector: int) {
        self.processor = processor
        self.vector = vector
        self.period = 0
        self.next = 0
        self.fired = 0
    }
    fn attach(self, bus: Bus, port: int) {
        bus.port(port, fn() { return self.fired }, fn(value) {
            self.period = value
            self.next = self.processor.cycles + value
        })
    }
    fn poll(self) {
        while self.period > 0 && self.processor.cycles >= self.next {
            self.fired += 1
            self.next += self.period
            self.processor.request(self.vector)
        }
    }
}

class Console {
    fn init(self) {
        self.text = []
        self.line = []
    }
    fn attach(self, bus: Bus, port: int) {
        bus.port(port, null, fn(value) { self.put(chr(value & 0x7F)) })
        bus.port(port + 1, null, fn(value) { for c in str(signed(value)) { self.put(c) } })
    }
    fn put(self, c: string) {
        if c != "\n" {
            self.line.push(c)
            return
        }
        self.text.push(self.line.join())
        self.line = []
    }
    fn flush(self) { if len(self.line) > 0 { self.put("\n") } }
}

class Machine {
    fn init(self, size: int = 65536) {
        self.bus = Bus(size)
        self.cpu = Processor(self.bus)
        self.console = Console()
        self.timer = Timer(self.cpu, 32)
        self.console.attach(self.bus, 0x10)
        self.timer.attach(self.bus, 0x20)
        self.program = null
    }
    fn boot(self, source: string) -> bool {
        let assembler = Assembler()
        self.program = assembler.assemble(source)
        for message in assembler.errors { print("  error:", message) }
        if len(assembler.errors) > 0 { return false }
        self.bus.load(self.program)
        self.cpu.ip = self.program.symbols.get("start", self.program.origin)
        self.cpu.r[SP] = self.bus.size - 16
        return true
    }
    fn run(self, most: int = 200000) -> string {
        let mut state = "stopped"
        for i in 0..most {
            if self.cpu.halted && len(self.cpu.pending) == 0 {
                if self.timer.period == 0 || !self.cpu.flags.interrupts {
                    state = "halted"
                    break
                }
                self.cpu.cycles = self.timer.next  # idle until the timer
            }
            self.timer.poll()
            self.cpu.step()
        }
        self.console.flush()
        return state
    }
    fn report(self, title: string, state: string) {
        print("${title}: ${state}, ${self.cpu.executed} instructions, ${self.cpu.cycles} cycles, flags ${self.cpu.flags.text()}")
        for line in self.console.text { print("  | ${line}") }
    }
}

fn run(title: string, source: string, most: int = 200000) -> Machine {
    let machine = Machine()
    if !machine.boot(source) {
        print("${title}: not assembled")
        return machine
    }
    machine.report(title, machine.run(most))
    return machine
}

# ---- Programs -----------------------------------------------------------------------------------------------------------------------------

const PRELUDE = """
CONSOLE = 0x10
NUMBER = 0x11
TIMER = 0x20
.macro putc, c
    movi r12, \\c
    out r12, CONSOLE
.endm
.macro newline
    putc 10
.endm
.macro number, r
    out \\r, NUMBER
.endm
"""

const HELLO = PRELUDE + """
.org 0x400
start:
    movi r1, text
.next:
    loadb r2, [r1]
    testi r2, 0xFF
    jz .done
    out r2, CONSOLE
    inc r1
    jmp .next
.done:
    hlt
text: .byte "Hello from a machine inside a machine", 10, 0
"""

const FACTORIAL = PRELUDE + """
.org 0x400
start:
    movi r5, 1
.loop:
    mov r1, r5
    call factorial
    number r5
    putc '!'
    putc ' '
    putc '='
    putc ' '
    number r1
    newline
    inc r5
    cmpi r5, 13
    jl .loop
    hlt
; r1 = r1!
factorial:
    cmpi r1, 2
    jl .one
    push r1
    dec r1
    call factorial
    pop r2
    mul r1, r2
    ret
.one:
    movi r1, 1
    ret
"""

const SIEVE = PRELUDE + """
LIMIT = 200
.org 0x400
start:
    movi r1, 2
    movi r0, 0
.outer:
    lea r2, [r1 + flags]
    loadb r3, [r2]
    testi r3, 1
    jnz .skip
    inc r0
    mov r4, r1
    add r4, r1
.mark:
    cmpi r4, LIMIT
    jge .skip
    lea r2, [r4 + flags]
    movi r3, 1
    storeb r3, [r2]
    add r4, r1
    jmp .mark
.skip:
    inc r1
    cmpi r1, LIMIT
    jl .outer
    number r0
    newline
    hlt
.align 16
flags: .space LIMIT
"""

const SORT = PRELUDE + """
COUNT = 12
.org 0x400
start:
    movi r1, COUNT - 1
.pass:
    movi r2, data
    mov r3, r1
.inner:
    load r4, [r2]
    load r5, [r2 + 4]
    cmp r4, r5
    jle .fine
    store r5, [r2]
    store r4, [r2 + 4]
.fine:
    addi r2, 4
    dec r3
    jnz .inner
    dec r1
    jnz .pass
    movi r2, data
    movi r3, COUNT
.show:
    load r4, [r2]
    number r4
    putc ' '
    addi r2, 4
    dec r3
    jnz .show
    newline
    hlt
.align 4
data: .word 42, 7, -3, 1000, 0, 99, -100, 5, 5, 65536, 12, 1 << 10 | 3
"""

const WIDE = PRELUDE + """
; 64-bit addition, and bits
.org 0x400
start:
    movi r1, 0xFFFFFFFF
    movi r2, 1
    movi r3, 5
    movi r4, 6
    add r1, r3
    adc r2, r4
    number r1
    putc ' '
    number r2
    newline
    movi r1, 0xDEADBEEF
    mov r2, r1
    shri r2, 16
    number r2
    putc ' '
    mov r2, r1
    sari r2, 16
    number r2
    putc ' '
    mov r2, r1
    not r2
    number r2
    putc ' '
    movi r3, 0
.count:
    testi r1, 1
    jz .even
    inc r3
.even:
    shri r1, 1
    jnz .count
    number r3
    newline
    hlt
"""

const INTERRUPTS = PRELUDE + """
.org 0
    .word on_zero
.org 6 * 4
    .word on_bad
.org 13 * 4
    .word on_memory
.org 32 * 4
    .word on_timer
.org 33 * 4
    .word on_call
.org 0x400
start:
    movi r1, 10
    movi r2, 0
    div r1, r2          ; traps
    int 33
    movi r1, 0x7FFFFFFF
    load r3, [r1]       ; traps
    movi r1, 500
    out r1, TIMER
    sti
.wait:
    load r4, [r0 + 0x300]
    hlt
    movi r6, 0x300
    load r4, [r6]
    cmpi r4, 5
    jl .wait
    movi r1, 0
    out r1, TIMER
    cli
    number r4
    putc 't'
    newline
    .byte 0xEE          ; no instruction
    hlt
on_zero:
    putc 'Z'
    newline
    pop r7
    addi r7, 2          ; behind the division
    push r7
    iret
on_memory:
    putc 'M'
    newline
    pop r7
    addi r7, 6
    push r7
    iret
on_call:
    putc 'C'
    newline
    iret
on_bad:
    putc 'B'
    newline
    hlt
on_timer:
    push r6
    push r5
    movi r6, 0x300
    load r5, [r6]
    inc r5
    store r5, [r6]
    pop r5
    pop r6
    movi r0, 0
    iret
"""

const FIBONACCI = PRELUDE + """
.org 0x400
start:
    movi r1, 15
    call fib
    number r0
    newline
    hlt
fib:
    push fp
    mov fp, sp
    subi sp, 8
    cmpi r1, 2
    jge .more
    mov r0, r1
    jmp .out
.more:
    store r1, [fp - 4]
    dec r1
    call fib
    store r0, [fp - 8]
    load r1, [fp - 4]
    subi r1, 2
    call fib
    load r2, [fp - 8]
    add r0, r2
.out:
    mov sp, fp
    pop fp
    ret
"""

run("hello", HELLO)
run("factorial", FACTORIAL)
run("sieve", SIEVE)
run("sort", SORT)
run("wide", WIDE)
run("interrupts", INTERRUPTS)
fib = run("fibonacci", FIBONACCI)

print("most used:", sorted(fib.cpu.counts.items(), key = fn(pair) { return (-pair[1], pair[0]) })[:4])

# The debugger: stop where a function begins, look, go on
debugged = Machine()
debugged.boot(FACTORIAL)
seen = []
debugged.cpu.breakpoints[debugged.program.symbols["factorial"]] = fn(cpu) {
    seen.push(cpu.r[1])
    return len(seen) == 6
}
print("debugger:", debugged.cpu.run(), "at", debugged.program.symbol_at(debugged.cpu.ip), seen)
print("the stack:", [debugged.program.symbol_at(debugged.bus.read32(debugged.cpu.r[SP] + 4 * i)) for i in 0..1])

# The listing of a small program
small = Assembler().assemble("start: movi r1, -5\n  load r2, [r1 + 8]\n.again: jnz .again\n  in r3, 0x3F8\n  int 0x21\n  xor r1, fp\n  push lr\n  ret")
for line in listing(small) { print(line) }

# Everything that the assembler refuses, with its line
bad = Assembler()
bad.assemble("a: movi r1, nothing\na: nop\n frob r1\n movi r77, 1\n .byte 300\n add r1\n movi r1, 2 3\n .byte \"open\n load r1, r2\n movi r1, 0xZZ\n mov r1, r2 ?")
for message in bad.errors { print("refused:", message) }

# What is assembled is disassembled to what assembles to the same
round = Assembler().assemble(SORT)
text = [line[25:] for line in listing(round)]
again = [disassembled(decode(fn(at) { return round.code[at - round.origin] }, at), fn(target) { return round.symbol_at(target) }) for at in round.lines.keys()]
print("round trip:", text == again, len(text))
