#!/usr/bin/env python3
"""The tree-sitter grammar agrees with the compiler: what nyxc parses without a mistake it parses without one, and with the same declarations at the
same lines; its words are those of the lexer.

usage: tree_sitter.py SOURCE_DIR NYXC PARSE        PARSE: the program of tree_sitter_parse.c
"""
import hashlib
import json
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT, NYXC, PARSE = Path(sys.argv.pop(1)).resolve(), sys.argv.pop(1), sys.argv.pop(1)
GRAMMAR = ROOT / "editors/tree-sitter-nyx"
KINDS = {"machine_declaration": "MachineDecl", "schema_declaration": "SchemaDecl", "class_declaration": "ClassDecl", "module_declaration": "ModuleDecl",
         "function_declaration": "FnDecl", "function_definition": "FnDecl", "if_statement": "IfStmt", "while_statement": "WhileStmt",
         "switch_statement": "SwitchStmt", "match_statement": "MatchStmt", "try_statement": "TryStmt", "assert_statement": "AssertStmt",
         "expect_statement": "AssertStmt", "emit_statement": "EmitStmt", "on_statement": "OnStmt", "test_statement": "TestStmt",
         "device_declaration": "DeviceDecl", "host_declaration": "Host", "state_declaration": "State", "derive_declaration": "Derive",
         "timer_declaration": "Timer", "bank_declaration": "Bank", "register_declaration": "Reg", "when_declaration": "When",
         "index_declaration": "Index", "phase_declaration": "Phase", "invariant_declaration": "Invariant", "acpi_declaration": "Acpi",
         "enum_declaration": "Enum", "migrate_declaration": "Migrate"}
# Every description of a device that the project has: none may be left out because the compiler refuses it one day.
DEVICES = sorted(path for folder in ("stdlib/devices", "stdlib/models") for path in (ROOT / folder).glob("*.ny"))


def valid_programs():
    """Every .ny file of the tree that has no mistake of syntax."""
    for top in ("tests", "stdlib", "examples"):
        for path in sorted((ROOT / top).rglob("*.ny")):
            if subprocess.run([NYXC, "check", "--syntax-only", path], capture_output=True).returncode == 0:
                yield path


def of_compiler(path):
    found = set()

    def walk(node):
        if isinstance(node, dict):
            if node.get("kind") in KINDS.values() and not node.get("host"):  # `host rack { }` reads as a device does
                found.add((node["kind"], node["line"]))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(subprocess.run([NYXC, "emit", "ast", path], capture_output=True, check=True, text=True).stdout))
    return found


def of_tree_sitter(path):
    """(kind, line) of the nodes that KINDS names, and the first line, which says whether there are errors."""
    lines = subprocess.run([PARSE, path], capture_output=True, text=True).stdout.splitlines()
    nodes = (line.split() for line in lines[1:])
    return lines[0], {(KINDS[kind], int(line)) for kind, line in nodes if kind in KINDS}


class Agreement(unittest.TestCase):
    def test_valid_programs(self):
        count = declarations = 0
        for path in valid_programs():
            with self.subTest(path=str(path.relative_to(ROOT))):
                summary, found = of_tree_sitter(path)
                self.assertTrue(summary.startswith("clean"), summary)
                self.assertEqual(found, of_compiler(path))
                count, declarations = count + 1, declarations + len(found)
        self.assertGreater(count, 30)
        print(f"{count} programs, {declarations} declarations and statements")

    def test_devices(self):
        kinds = set()
        for path in DEVICES:
            with self.subTest(path=path.name):
                self.assertEqual(subprocess.run([NYXC, "check", "--syntax-only", path], capture_output=True).returncode, 0)
                summary, found = of_tree_sitter(path)
                self.assertEqual((summary, found), ("clean", of_compiler(path)))
                kinds |= {kind for kind, _ in found}
        self.assertGreater(len(DEVICES), 25)
        self.assertLessEqual({"DeviceDecl", "Host", "State", "Derive", "Timer", "Bank", "Reg", "When", "Phase", "Enum", "Acpi", "EmitStmt"}, kinds)

    def test_broken_programs(self):
        """Not every mistake is one of shape; these are."""
        for text in ("machine {", "fn f(", "x = = 2", "if { }}", "let = 3", "machine web : { }", "f(1, , 2)",
                     "device d(a: ioport(1)) { bank b pio @a, size 1 { } }", "device d { reg @0 rw }", "device d { state { since { } } }",
                     "device d { host tx }", "device d { when { } }", "device d { emit tx(1) }", "schema s @ { }", "schema s { a: int @ = 1 }"):
            with self.subTest(text=text):
                done = subprocess.run([PARSE, "/dev/stdin"], input=text, capture_output=True, text=True)
                self.assertTrue(done.stdout.startswith("error"), done.stdout)


def strings(rule):
    """The words and symbols of a rule of grammar.json."""
    if isinstance(rule, list):
        for inner in rule:
            yield from strings(inner)
    elif isinstance(rule, dict):
        if rule.get("type") == "STRING":
            yield rule
        for inner in rule.values():
            yield from strings(inner)


class Sources(unittest.TestCase):
    def test_the_parser_is_that_of_the_grammar(self):
        self.assertEqual(hashlib.sha256((GRAMMAR / "grammar.js").read_bytes()).hexdigest(), (GRAMMAR / "src/generated-from").read_text().strip(),
                         "generate src/parser.c again, as editors/tree-sitter-nyx/README.md says")

    def test_queries(self):
        done = subprocess.run([PARSE, "-q", GRAMMAR / "queries/highlights.scm"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_highlights_of_devices(self):
        """Every word of the devices' is a keyword in the sample that has each item, and a name where it is one."""
        import keywords
        done = subprocess.run([PARSE, "-c", GRAMMAR / "queries/highlights.scm", ROOT / "tests/corpus/devices.ny"], capture_output=True, text=True)
        found = {tuple(line.split(" ", 1)) for line in done.stdout.splitlines() if " " in line}
        words = {word for capture, word in found if capture == "keyword"}
        self.assertLessEqual(keywords.DEVICE, words)
        self.assertFalse([word for word in words if word != word.strip()], "a keyword takes the blank before it")
        for wanted in (("type", "full"), ("property", "sticky"), ("property", "low"), ("function", "twice"), ("type", "ports"), ("keyword", "after"),
                       ("type.builtin", "w1c"), ("attribute", "expect"), ("property", "timer")):
            self.assertIn(wanted, found)

    def test_words(self):
        import keywords
        text = (GRAMMAR / "grammar.js").read_text()

        def array(name):
            return set(re.findall(r"'([^']+)'", re.search(rf"const {name} = \[(.*?)\];", text, re.S).group(1)))

        self.assertEqual(array("KEYWORDS"), keywords.KEYWORDS)
        self.assertEqual(array("STATEMENT_WORDS"), keywords.STATEMENT)
        tokens = {rule["value"] for rule in strings(json.loads((GRAMMAR / "src/grammar.json").read_text())["rules"])}
        self.assertLessEqual(keywords.DEVICE, tokens)
        table = re.search(r"kUnits\[\] = \{(.*?)\};", (GRAMMAR / "src/scanner.c").read_text(), re.S).group(1)
        self.assertEqual(set(re.findall(r'"([^"]+)"', table)), set(keywords.units()))


if __name__ == "__main__":
    unittest.main(verbosity=1)
