# A description of a machine in a text of our own, parsed into maps; ACPI tables and AML built from it byte by byte; then everything read
# back by an independent reader that checks what was built. (ACPI 6.5: section 5.2 tables, section 20 AML.)

# ---- A text format: blocks, lists, numbers with units, references and functions --------------------------------------------------------------

class SyntaxError {
    line: int
    column: int
    message: string
    fn text(self) -> string { return "${self.line}:${self.column}: ${self.message}" }
}

class Mark {
    kind: string
    value: any
    line: int
    column: int
}

class Scanner {
    fn init(self, text: string) {
        self.chars = text.chars()
        self.at = 0
        self.line = 1
        self.start_of_line = 0
    }
    fn column(self) -> int { return self.at - self.start_of_line + 1 }
    fn fail(self, message: string) { throw SyntaxError(self.line, self.column(), message) }
    fn more(self) -> bool { return self.at < len(self.chars) }
    fn peek(self, ahead: int = 0) -> string {
        if self.at + ahead < len(self.chars) { return self.chars[self.at + ahead] }
        return ""
    }
    fn skip(self) {
        while self.more() {
            let c = self.peek()
            if c == "\n" {
                self.at += 1
                self.line += 1
                self.start_of_line = self.at
            } else if c == " " || c == "\t" {
                self.at += 1
            } else if c == "/" && self.peek(1) == "/" {
                while self.more() && self.peek() != "\n" { self.at += 1 }
            } else {
                return
            }
        }
    }
    fn next(self) -> Mark {
        self.skip()
        let line = self.line
        let column = self.column()
        let mark = fn(kind, value) { return Mark(kind, value, line, column) }
        if !self.more() { return mark("end", "the end") }
        let c = self.peek()
        if c >= "0" && c <= "9" { return mark("number", self.number()) }
        if is_name(c) {
            let begin = self.at
            while is_name(self.peek()) || (self.peek() >= "0" && self.peek() <= "9") { self.at += 1 }
            return mark("name", self.chars[begin:self.at].join())
        }
        if c == "\"" { return mark("text", self.string()) }
        if c in "{}[]()=,.+-*|&" {
            self.at += 1
            return mark("sign", c)
        }
        self.fail("`${c}` means nothing here")
    }
    fn number(self) -> int {
        let mut base = 10
        if self.peek() == "0" && self.peek(1) == "x" {
            base = 16
            self.at += 2
        }
        let begin = self.at
        while self.peek() != "" && (self.peek().lower() in "0123456789abcdef_") && (base == 16 || self.peek() in "0123456789_") { self.at += 1 }
        let digits = self.chars[begin:self.at].join().replace("_", "")
        if digits == "" { self.fail("digits are missing") }
        let value = int(digits, base)
        let units = {K: 10, M: 20, G: 30}
        let unit = units.get(self.peek())
        if base == 10 && unit != null {
            self.at += 1
            return value << unit
        }
        return value
    }
    fn string(self) -> string {
        self.at += 1
        let begin = self.at
        while self.peek() != "\"" {
            if !self.more() || self.peek() == "\n" { self.fail("the text does not end") }
            self.at += 1
        }
        self.at += 1
        return self.chars[begin:self.at - 1].join()
    }
}
fn is_name(c: string) -> bool { return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c == "_" }

class Reader {
    fn init(self, text: string) {
        self.scanner = Scanner(text)
        self.token = self.scanner.next()
        self.names = {}
        self.functions = {
            pages: fn(n) { return n * 4096 },
            align: fn(n, step) { return (n + step - 1) & ~(step - 1) },
            bit: fn(n) { return 1 << n },
            sum: fn(xs) { return xs.sum() }
        }
    }
    fn fail(self, message: string) { throw SyntaxError(self.token.line, self.token.column, message) }
    fn advance(self) -> Mark {
        let taken = self.token
        self.token = self.scanner.next()
        return taken
    }
    fn is_sign(self, sign: string) -> bool { return self.token.kind == "sign" && self.token.value == sign }
    fn accept(self, sign: string) -> bool {
        if !self.is_sign(sign) { return false }
        self.advance()
        return true
    }
    fn expect(self, sign: string) { if !self.accept(sign) { self.fail("expected `${sign}`, found `${self.token.value}`") } }

    # name = value and name title { … }, until the closing bracket or the end
    fn entries(self, closing: string) -> map<string, any> {
        let found = {}
        while true {
            if closing == "" && self.token.kind == "end" { return found }
            if closing != "" && self.accept(closing) { return found }
            if self.token.kind != "name" { self.fail("expected a name, found `${self.token.value}`") }
            let name = self.advance().value
            if self.accept("=") {
                if found.has(name) { self.fail("`${name}` is set twice") }
                found[name] = self.value()
                self.names[name] = found[name]
                continue
            }
            let mut title = null
            if self.token.kind in ["name", "text"] { title = self.advance().value }
            self.expect("{")
            let inner = self.entries("}")
            if title != null { inner.title = title }
            if !found.has(name) { found[name] = [] }
            found[name].push(inner)
        }
    }
    fn value(self, level: int = 0) -> any {
        let levels = [["|"], ["&"], ["+", "-"], ["*"]]
        if level == len(levels) { return self.operand() }
        let mut left = self.value(level + 1)
        while self.token.kind == "sign" && self.token.value in levels[level] {
            let sign = self.advance().value
            let right = self.value(level + 1)
            match sign {
                "|" => left = left | right
                "&" => left = left & right
                "+" => left = left + right
                "-" => left = left - right
                "*" => left = left * right
            }
        }
        return left
    }
    fn operand(self) -> any {
        if self.accept("(") {
            let inner = self.value()
            self.expect(")")
            return inner
        }
        if self.accept("[") { return self.list("]") }
        if self.accept("-") { return -self.operand() }
        let token = self.advance()
        if token.kind in ["number", "text"] { return token.value }
        if token.kind != "name" { throw SyntaxError(token.line, token.column, "`${token.value}` is no value") }
        let words = {"true": true, "false": false, none: null}
        if words.has(token.value) { return words[token.value] }
        if self.accept("(") {
            let function = self.functions.get(token.value)
            if function == null { throw SyntaxError(token.line, token.column, "there is no function `${token.value}`") }
            let arguments = self.list(")")
            match len(arguments) {
                1 => return function(arguments[0])
                2 => return function(arguments[0], arguments[1])
                _ => throw SyntaxError(token.line, token.column, "`${token.value}` takes one or two values")
            }
        }
        if !self.names.has(token.value) { throw SyntaxError(token.line, token.column, "`${token.value}` is not set above") }
        return self.names[token.value]
    }
    fn list(self, closing: string) -> array<any> {
        let items = []
        while !self.accept(closing) {
            items.push(self.value())
            if !self.is_sign(closing) { self.expect(",") }
        }
        return items
    }
}
fn read_text(text: string) -> map<string, any> { return Reader(text).entries("") }

# ---- Bytes --------------------------------------------------------------------------------------------------------------------------------

class Buffer {
    fn init(self) { self.bytes = [] }
    fn size(self) -> int { return len(self.bytes) }
    fn u8(self, value: int) {
        assert value >= 0 && value <= 0xFF, "${value} is no byte"
        self.bytes.push(value)
        return self
    }
    fn number(self, value: int, size: int) {
        for i in 0..size { self.bytes.push(value >> 8 * i & 0xFF) }
        return self
    }
    fn u16(self, value: int) { return self.number(value, 2) }
    fn u32(self, value: int) { return self.number(value, 4) }
    fn u64(self, value: int) { return self.number(value, 8) }
    fn text(self, value: string, size: int, fill: int = 0x20) {
        let codes = [ord(c) for c in value]
        assert len(codes) <= size, "`${value}` is longer than ${size}"
        self.bytes.extend(codes)
        for i in len(codes)..size { self.bytes.push(fill) }
        return self
    }
    fn all(self, bytes: array<int>) {
        self.bytes.extend(bytes)
        return self
    }
    fn zeros(self, count: int) { return self.all(array(count, 0)) }
    fn patch(self, at: int, value: int, size: int) { for i in 0..size { self.bytes[at + i] = value >> 8 * i & 0xFF } }
}
fn sum_of(bytes: array<int>) -> int { return sum(bytes) & 0xFF }
fn hex_of(bytes: array<int>) -> string { return ["${b:02x}" for b in bytes].join(" ") }
fn number_at(bytes: array<int>, at: int, size: int) -> int {
    let mut value = 0
    for (i = size - 1; i >= 0; i--) { value = value << 8 | bytes[at + i] }
    return value
}
fn text_at(bytes: array<int>, at: int, size: int) -> string { return [chr(b) for b in bytes[at:at + size]].join().trim() }

# ---- AML, as functions that give bytes ------------------------------------------------------------------------------------------------------

module Aml {
    fn package_length(content: int) -> array<int> {
        # The length counts its own bytes (section 20.2.4)
        if content + 1 < 0x40 { return [content + 1] }
        for extra in 1..4 {
            let total = content + 1 + extra
            if total < 1 << (4 + 8 * extra) { return [extra << 6 | total & 15] + [total >> (4 + 8 * i) & 0xFF for i in 0..extra] }
        }
        throw "a package of ${content} bytes is too long"
    }
    fn segment(name: string) -> array<int> {
        assert len(name) <= 4, "`${name}` has more than four characters"
        return [ord(c) for c in name + "_" * (4 - len(name))]
    }
    fn path(name: string) -> array<int> {
        let mut rest = name
        let bytes = []
        while rest.starts_with("\\") || rest.starts_with("^") {
            bytes.push(ord(rest[0]))
            rest = rest[1:]
        }
        if rest == "" { return bytes + [0] }
        let parts = rest.split(".")
        if len(parts) == 2 { bytes.push(0x2E) }
        if len(parts) > 2 { bytes.extend([0x2F, len(parts)]) }
        for part in parts { bytes.extend(segment(part)) }
        return bytes
    }
    fn integer(value: int) -> array<int> {
        if value == 0 { return [0] }
        if value == 1 { return [1] }
        if value == -1 { return [0xFF] }
        for (prefix, size) in [(0x0A, 1), (0x0B, 2), (0x0C, 4)] {
            if value > 0 && value < 1 << (8 * size) { return [prefix] + [value >> 8 * i & 0xFF for i in 0..size] }
        }
        return [0x0E] + [value >> 8 * i & 0xFF for i in 0..8]
    }
    fn string(value: string) -> array<int> { return [0x0D] + [ord(c) for c in value] + [0] }
    fn data(value) -> array<int> {
        switch type(value) {
            case "int": return integer(value)
            case "string": return string(value)
            case "bool": return integer(int(value))
            case "array": return package(value)
            case "map": return value.raw
            default: throw "${type(value)} is no AML data"
        }
    }
    fn raw(bytes: array<int>) { return {raw: bytes} }
    fn enclosed(code: array<int>, content: array<int>) -> array<int> { return code + package_length(len(content)) + content }
    fn package(values) -> array<int> {
        let mut content = [len(values)]
        for value in values { content = content + data(value) }
        return enclosed([0x12], content)
    }
    fn buffer(bytes: array<int>) -> array<int> { return enclosed([0x11], integer(len(bytes)) + bytes) }
    fn named(name: string, value) -> array<int> { return [0x08] + path(name) + data(value) }
    fn scope(name: string, content: array<int>) -> array<int> { return enclosed([0x10], path(name) + content) }
    fn device(name: string, content: array<int>) -> array<int> { return enclosed([0x5B, 0x82], path(name) + content) }
    fn method(name: string, arguments: int, content: array<int>) -> array<int> { return enclosed([0x14], path(name) + [arguments] + content) }
    fn returns(value: array<int>) -> array<int> { return [0xA4] + value }
    fn region(name: string, space: int, base: int, size: int) -> array<int> { return [0x5B, 0x80] + path(name) + [space] + integer(base) + integer(size) }
    fn fields(name: string, width: int, list) -> array<int> {
        let mut content = path(name) + [width]
        for (field, bits) in list {
            let length = package_length(bits - 1)
            if field == null { content = content + [0] + field_length(bits) } else { content = content + segment(field) + field_length(bits) }
        }
        return enclosed([0x5B, 0x81], content)
    }
    fn field_length(bits: int) -> array<int> {
        if bits < 0x40 { return [bits] }
        return [0x40 | bits & 15, bits >> 4]
    }
    fn eisa(id: string) -> int {
        # Three letters of five bits and four digits, the bytes turned round (section 19.3.4)
        let letters = (ord(id[0]) - 64) << 26 | (ord(id[1]) - 64) << 21 | (ord(id[2]) - 64) << 16
        let value = letters | int(id[3:], 16)
        return (value & 0xFF) << 24 | (value >> 8 & 0xFF) << 16 | (value >> 16 & 0xFF) << 8 | value >> 24 & 0xFF
    }
    fn uneisa(value: int) -> string {
        let turned = (value & 0xFF) << 24 | (value >> 8 & 0xFF) << 16 | (value >> 16 & 0xFF) << 8 | value >> 24 & 0xFF
        let letters = [chr((turned >> shift & 31) + 64) for shift in [26, 21, 16]].join()
        return "${letters}${turned & 0xFFFF:04X}"
    }
}

# Resource descriptors (section 6.4)
module Resource {
    fn io(base: int, size: int) -> array<int> { return [0x47, 1, base & 0xFF, base >> 8, base & 0xFF, base >> 8, 1, size] }
    fn irq(line: int) -> array<int> {
        let mask = 1 << line
        return [0x22, mask & 0xFF, mask >> 8]
    }
    fn memory(base: int, size: int) -> array<int> {
        return [0x86, 9, 0, 1] + [base >> 8 * i & 0xFF for i in 0..4] + [size >> 8 * i & 0xFF for i in 0..4]
    }
    fn template(items) -> array<int> {
        let mut bytes = []
        for item in items { bytes = bytes + item }
        return Aml.buffer(bytes + [0x79, 0])
    }
}

# ---- Tables -------------------------------------------------------------------------------------------------------------------------------

class TableBuilder {
    fn init(self, signature: string, revision: int) {
        self.signature = signature
        self.out = Buffer()
        self.out.text(signature, 4).u32(0).u8(revision).u8(0).text("NYX", 6).text("CONFTEST", 8).u32(1).text("NYX", 4).u32(1)
    }
    fn finish(self) -> array<int> {
        self.out.patch(4, self.out.size(), 4)
        self.out.patch(9, (256 - sum_of(self.out.bytes)) & 0xFF, 1)
        return self.out.bytes
    }
}

fn build_madt(cpus: int, lapic: int, ioapic: int, overrides) -> array<int> {
    let table = TableBuilder("APIC", 5)
    table.out.u32(lapic).u32(1)
    for id in 0..cpus { table.out.u8(0).u8(8).u8(id).u8(id).u32(1) }
    table.out.u8(1).u8(12).u8(cpus).u8(0).u32(ioapic).u32(0)
    for (source, target) in overrides { table.out.u8(2).u8(10).u8(0).u8(source).u32(target).u16(0x0D) }
    table.out.u8(4).u8(6).u8(0xFF).u16(5).u8(1)
    return table.finish()
}
fn build_fadt(pm: int, sci: int, dsdt: int) -> array<int> {
    let table = TableBuilder("FACP", 6)
    table.out.u32(0).u32(dsdt).u8(0).u8(0).u16(sci).u32(0).zeros(4)
    table.out.u32(pm).u32(0).u32(pm + 4).u32(0).zeros(4).u32(pm + 8).zeros(8)
    table.out.u8(4).u8(2).u8(0).u8(4).zeros(4)
    table.out.zeros(276 - table.out.size())
    table.out.patch(112, 0x4A5, 4)
    table.out.patch(140, dsdt, 8)
    return table.finish()
}
fn build_hpet(base: int) -> array<int> {
    let table = TableBuilder("HPET", 1)
    table.out.u32(0x8086A201).u8(0).u8(64).u8(0).u8(0).u64(base).u8(0).u16(0x80).u8(0)
    return table.finish()
}
fn build_mcfg(base: int, buses: int) -> array<int> {
    let table = TableBuilder("MCFG", 1)
    table.out.zeros(8).u64(base).u16(0).u8(0).u8(buses - 1).zeros(4)
    return table.finish()
}
fn build_srat(nodes) -> array<int> {
    let table = TableBuilder("SRAT", 3)
    table.out.u32(1).zeros(8)
    let mut base = 0
    for i, node in nodes {
        for id in node.cpus { table.out.u8(0).u8(16).u8(i).u8(id).u32(1).zeros(8) }
        table.out.u8(1).u8(40).u32(i).u16(0).u64(base).u64(node.memory).u32(0).u32(1).zeros(8)
        base += node.memory
    }
    return table.finish()
}
fn build_xsdt(addresses) -> array<int> {
    let table = TableBuilder("XSDT", 1)
    for address in addresses { table.out.u64(address) }
    return table.finish()
}
fn build_rsdp(xsdt: int) -> array<int> {
    let out = Buffer()
    out.text("RSD PTR ", 8).u8(0).text("NYX", 6).u8(2).u32(0).u32(36).u64(xsdt).u8(0).zeros(3)
    out.patch(8, (256 - sum_of(out.bytes[:20])) & 0xFF, 1)
    out.patch(32, (256 - sum_of(out.bytes)) & 0xFF, 1)
    return out.bytes
}

# The devices of the description, by what kind they are
const DEVICE_KINDS = {
    serial: fn(device) {
        return Aml.named("_HID", Aml.raw(Aml.integer(Aml.eisa("PNP0501")))) + Aml.named("_UID", device.get("uid", 0)) +
            Aml.named("_CRS", Aml.raw(Resource.template([Resource.io(device.base, 8), Resource.irq(device.irq)])))
    },
    rtc: fn(device) {
        return Aml.named("_HID", Aml.raw(Aml.integer(Aml.eisa("PNP0B00")))) +
            Aml.named("_CRS", Aml.raw(Resource.template([Resource.io(0x70, 2), Resource.irq(8)])))
    },
    virtio: fn(device) {
        return Aml.named("_HID", "LNRO0005") + Aml.named("_UID", device.uid) +
            Aml.named("_CRS", Aml.raw(Resource.template([Resource.memory(device.base, device.size)])))
    },
    gpio: fn(device) {
        return Aml.named("_HID", "NYX0001") + Aml.region("GREG", 1, device.base, device.lines // 8) +
            Aml.fields("GREG", 1, [("PIN${i % 10}", 1) for i in 0..device.lines % 10] + [(null, 6)]) +
            Aml.method("_STA", 0, Aml.returns(Aml.integer(15)))
    }
}
fn build_dsdt(description) -> array<int> {
    let table = TableBuilder("DSDT", 2)
    let mut devices = []
    for kind, list in description {
        if !DEVICE_KINDS.has(kind) { continue }
        for device in list { devices = devices + Aml.device(device.title, DEVICE_KINDS[kind](device)) }
    }
    let mut processors = []
    for id in 0..description.cpus {
        processors = processors + Aml.device("C${id:03X}", Aml.named("_HID", "ACPI0007") + Aml.named("_UID", id))
    }
    table.out.all(Aml.scope("\\_SB", processors + devices))
    table.out.all(Aml.named("\\_S5", [5, 5, 0, 0]))
    return table.finish()
}

class Blob {
    fn init(self, base: int) {
        self.base = base
        self.tables = []
        self.next = base
    }
    fn add(self, bytes: array<int>, alignment: int = 16) -> int {
        self.next = (self.next + alignment - 1) & ~(alignment - 1)
        let at = self.next
        self.tables.push((at, bytes))
        self.next += len(bytes)
        return at
    }
    fn memory(self) {
        let memory = {}
        for (at, bytes) in self.tables {
            for i, byte in bytes { memory[at + i] = byte }
        }
        return memory
    }
}

fn build(description) -> Blob {
    let blob = Blob(description.tables)
    let dsdt = blob.add(build_dsdt(description), 64)
    let list = [
        blob.add(build_fadt(description.pm, description.sci, dsdt)),
        blob.add(build_madt(description.cpus, description.lapic, description.ioapic, [(0, 2), (description.sci, description.sci)]))
    ]
    if description.get("hpet") != null { list.push(blob.add(build_hpet(description.hpet))) }
    if description.get("ecam") != null { list.push(blob.add(build_mcfg(description.ecam, 256))) }
    if description.has("node") { list.push(blob.add(build_srat(description.node))) }
    let xsdt = blob.add(build_xsdt(list))
    blob.add(build_rsdp(xsdt))
    return blob
}

# ---- Reading it back ------------------------------------------------------------------------------------------------------------------------

class AmlReader {
    fn init(self, bytes: array<int>) {
        self.bytes = bytes
        self.at = 0
        self.found = []
    }
    fn byte(self) -> int {
        self.at += 1
        return self.bytes[self.at - 1]
    }
    fn length(self) -> int {
        let start = self.at
        let lead = self.byte()
        let extra = lead >> 6
        let mut value = lead & 0x3F
        if extra > 0 {
            value = lead & 15
            for i in 0..extra { value |= self.byte() << (4 + 8 * i) }
        }
        return start + value
    }
    fn name(self) -> string {
        let mut prefix = ""
        while self.bytes[self.at] in [0x5C, 0x5E] { prefix += chr(self.byte()) }
        let mut count = 1
        switch self.bytes[self.at] {
            case 0: {
                self.at += 1
                return prefix
            }
            case 0x2E: {
                self.at += 1
                count = 2
            }
            case 0x2F: {
                self.at += 1
                count = self.byte()
            }
        }
        let parts = []
        for i in 0..count {
            let mut part = text_at(self.bytes, self.at, 4)
            while part.ends_with("_") && len(part) > 1 { part = part[:-1] }
            parts.push(part)
            self.at += 4
        }
        return prefix + parts.join(".")
    }
    fn value(self) -> any {
        let code = self.byte()
        if code in [0, 1] { return code }
        let sizes = {0x0A: 1, 0x0B: 2, 0x0C: 4, 0x0E: 8}
        if sizes.has(code) {
            let value = number_at(self.bytes, self.at, sizes[code])
            self.at += sizes[code]
            return value
        }
        if code == 0xFF { return -1 }
        if code == 0x0D {
            let begin = self.at
            while self.byte() != 0 { }
            return text_at(self.bytes, begin, self.at - begin - 1)
        }
        if code == 0x12 {
            let end = self.length()
            return [self.value() for i in 0..self.byte()]
        }
        if code == 0x11 {
            let end = self.length()
            self.value()
            let content = self.bytes[self.at:end]
            self.at = end
            return resources(content)
        }
        throw "no value begins with ${code:#04x} at ${self.at - 1}"
    }
    fn terms(self, end: int, depth: int) {
        while self.at < end {
            let code = self.byte()
            let indent = "  " * depth
            switch code {
                case 0x08: {
                    let name = self.name()
                    let mut value = self.value()
                    if name == "_HID" && type(value) == "int" { value = Aml.uneisa(value) }
                    self.found.push("${indent}${name} = ${value}")
                }
                case 0x10: {
                    let inner = self.length()
                    self.found.push("${indent}scope ${self.name()}")
                    self.terms(inner, depth + 1)
                }
                case 0x14: {
                    let inner = self.length()
                    let name = self.name()
                    self.found.push("${indent}method ${name}, ${self.byte()} arguments, ${inner - self.at} bytes")
                    self.at = inner
                }
                case 0x5B: self.extended(indent, depth)
                default: throw "no term begins with ${code:#04x} at ${self.at - 1}"
            }
        }
        if self.at != end { throw "terms end at ${self.at}, not at ${end}" }
    }
    fn extended(self, indent: string, depth: int) {
        let code = self.byte()
        if code == 0x82 {
            let inner = self.length()
            self.found.push("${indent}device ${self.name()}")
            return self.terms(inner, depth + 1)
        }
        if code == 0x80 {
            let name = self.name()
            let space = self.byte()
            let base = self.value()
            return self.found.push("${indent}region ${name}: space ${space}, ${base:#x}, ${self.value()} bytes")
        }
        if code == 0x81 {
            let inner = self.length()
            let name = self.name()
            self.byte()
            let names = []
            let mut bits = 0
            while self.at < inner {
                if self.bytes[self.at] == 0 { self.at += 1 } else {
                    names.push(text_at(self.bytes, self.at, 4))
                    self.at += 4
                }
                bits += self.length() - (self.at - 1)
            }
            return self.found.push("${indent}fields of ${name}: ${names.join(" ")}, ${bits} bits")
        }
        throw "no term begins with 0x5b ${code:#04x}"
    }
}

fn resources(bytes: array<int>) -> array<string> {
    let list = []
    let mut at = 0
    while at < len(bytes) {
        let tag = bytes[at]
        match tag {
            0x47 => {
                list.push("io ${number_at(bytes, at + 2, 2):#x}+${bytes[at + 7]}")
                at += 8
            }
            0x22 => {
                let mask = number_at(bytes, at + 1, 2)
                list.push("irq ${[i for i in 0..16 if (mask >> i & 1) == 1][0]}")
                at += 3
            }
            0x86 => {
                list.push("memory ${number_at(bytes, at + 4, 4):#x}+${number_at(bytes, at + 8, 4):#x}")
                at += 12
            }
            0x79 => return list
            _ => throw "there is no resource ${tag:#x}"
        }
    }
    throw "the resources have no end"
}

class Checker {
    fn init(self, memory) {
        self.memory = memory
        self.problems = []
    }
    fn take(self, at: int, size: int) -> array<int> { return [self.memory.get(at + i, 0) for i in 0..size] }
    fn table(self, at: int) -> array<int> {
        let size = number_at(self.take(at, 8), 4, 4)
        let bytes = self.take(at, size)
        if sum_of(bytes) != 0 { self.problems.push("${text_at(bytes, 0, 4)}: the sum is ${sum_of(bytes)}") }
        return bytes
    }
    fn tables(self, rsdp: int) {
        let root = self.take(rsdp, 36)
        if text_at(root, 0, 8) != "RSD PTR" { self.problems.push("no RSDP") }
        if sum_of(root[:20]) != 0 || sum_of(root) != 0 { self.problems.push("RSDP: the sum is wrong") }
        let xsdt = self.table(number_at(root, 24, 8))
        let found = {}
        for (i = 36; i < len(xsdt); i += 8) {
            let bytes = self.table(number_at(xsdt, i, 8))
            found[text_at(bytes, 0, 4)] = bytes
        }
        found.DSDT = self.table(number_at(found.FACP, 140, 8))
        return found
    }
}
fn madt_lines(bytes: array<int>) -> array<string> {
    let lines = []
    let mut at = 44
    while at < len(bytes) {
        switch bytes[at] {
            case 0: lines.push("cpu ${bytes[at + 3]}")
            case 1: lines.push("ioapic at ${number_at(bytes, at + 4, 4):#x}")
            case 2: lines.push("irq ${bytes[at + 3]} is line ${number_at(bytes, at + 4, 4)}")
            case 4: lines.push("nmi of ${bytes[at + 2]}")
            default: lines.push("entry ${bytes[at]}")
        }
        at += bytes[at + 1]
    }
    return lines
}

# ---- What happens ---------------------------------------------------------------------------------------------------------------------------

const DESCRIPTION = """
// A machine
cpus   = 4
lapic  = 0xFEE0_0000
ioapic = 0xFEC00000
pm     = 0x600
sci    = 9
hpet   = 0xFED00000
ecam   = 0xB000_0000
tables = align(0xE0000 + 1, 4K)
window = 0xFEB00000

node { cpus = [0, 1]  memory = 2G }
node { cpus = [2, 3]  memory = 1G + 512M }

serial COM1 { base = 0x3F8  irq = 4 }
serial COM2 { base = 0x2F8  irq = 3  uid = 1 }
rtc RTC { }
virtio VD00 { base = window  size = pages(1)  uid = 0 }
virtio VD01 { base = window + pages(1)  size = 512  uid = 1 }
gpio GPIO { base = 0x500  lines = 8 | bit(4) }
"""

description = read_text(DESCRIPTION)
print("read:", len(description), "entries;", description.keys()[:4].join(" "), hex(description.tables), description.node[1])
blob = build(description)
for (at, bytes) in blob.tables { print("built: ${at:#x} ${text_at(bytes, 0, 4):<4} ${len(bytes):>4} bytes, sum ${sum_of(bytes)}") }

checker = Checker(blob.memory())
tables = checker.tables(blob.tables.last()[0])
print("found:", sorted(tables.keys()).join(" "), "problems:", checker.problems)
print("madt:", madt_lines(tables.APIC).join("; "))
print("fadt: sci ${number_at(tables.FACP, 46, 2)}, pm ${number_at(tables.FACP, 56, 4):#x}, ${len(tables.FACP)} bytes")
aml = AmlReader(tables.DSDT)
aml.at = 36
aml.terms(len(tables.DSDT), 0)
for line in aml.found { print("  ", line) }

# Package lengths at each of their borders read back as they were written
for content in [0, 62, 63, 4092, 4093, 4094, 1048570, 1048571] {
    let encoded = Aml.package_length(content)
    let reader = AmlReader(encoded)
    print("length ${content}: ${hex_of(encoded)}${["", " WRONG"][int(reader.length() != content + len(encoded))]}")
}
print("numbers:", [AmlReader(Aml.integer(n)).value() == n for n in [0, 1, 2, 255, 256, 65535, 65536, 4294967295, 4294967296, 1 << 62]])
print("paths:", [AmlReader(Aml.path(p)).name() for p in ["\\", "ABC", "\\_SB.PCI0", "^^A.B.C.D", "_HID"]])
print("ids:", [Aml.uneisa(Aml.eisa(id)) for id in ["PNP0501", "PNP0A03", "NYX00FF"]], hex(Aml.eisa("PNP0A03")))

# A byte that changes is found
broken = blob.memory()
broken[blob.tables[2][0] + 40] = broken[blob.tables[2][0] + 40] ^ 0x10
again = Checker(broken)
again.tables(blob.tables.last()[0])
print("broken:", again.problems)

# What the reader refuses, and where
for text in ["a = ", "a = 1\na = 2", "a { b = }", "b = nothing", "c = \"open", "d = frob(1)", "e = (1", "f ] 1", "g = 0x", "h = [1 2]", "i = 1 $"] {
    try {
        read_text(text)
        print("taken:", text)
    } catch e {
        print("refused:", e.text())
    }
}

# Many machines: the tables of each add up
sizes = []
for cpus in [1, 2, 16, 64] {
    let many = read_text(DESCRIPTION.replace("cpus   = 4", "cpus   = ${cpus}"))
    let built = build(many)
    let checked = Checker(built.memory())
    let all = checked.tables(built.tables.last()[0])
    let walk = AmlReader(all.DSDT)
    walk.at = 36
    walk.terms(len(all.DSDT), 0)
    sizes.push((cpus, len(all.DSDT), len(all.APIC), len([line for line in walk.found if line.contains("ACPI0007")]), checked.problems))
}
for (cpus, dsdt, apic, devices, problems) in sizes { print("${cpus} cpus: DSDT ${dsdt}, APIC ${apic}, ${devices} processors, problems ${problems}") }
