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
         "switch_statement": "SwitchStmt", "match_statement": "MatchStmt", "try_statement": "TryStmt", "assert_statement": "AssertStmt"}


DEVICE = re.compile(r"^device \w+\s*\(|^device \w+ :", re.MULTILINE)  # declarations of devices: the README says that they are not known


def valid_programs():
    """Every .ny file of the tree that has no mistake of syntax."""
    for top in ("tests", "stdlib", "examples"):
        for path in sorted((ROOT / top).rglob("*.ny")):
            if DEVICE.search(path.read_text()):
                continue
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

    def test_broken_programs(self):
        """Not every mistake is one of shape; these are."""
        for text in ("machine {", "fn f(", "x = = 2", "if { }}", "let = 3", "machine web : { }", "f(1, , 2)"):
            with self.subTest(text=text):
                done = subprocess.run([PARSE, "/dev/stdin"], input=text, capture_output=True, text=True)
                self.assertTrue(done.stdout.startswith("error"), done.stdout)


class Sources(unittest.TestCase):
    def test_the_parser_is_that_of_the_grammar(self):
        self.assertEqual(hashlib.sha256((GRAMMAR / "grammar.js").read_bytes()).hexdigest(), (GRAMMAR / "src/generated-from").read_text().strip(),
                         "generate src/parser.c again, as editors/tree-sitter-nyx/README.md says")

    def test_queries(self):
        done = subprocess.run([PARSE, "-q", GRAMMAR / "queries/highlights.scm"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_words(self):
        import keywords
        text = (GRAMMAR / "grammar.js").read_text()

        def array(name):
            return set(re.findall(r"'([^']+)'", re.search(rf"const {name} = \[(.*?)\];", text, re.S).group(1)))

        self.assertEqual(array("KEYWORDS"), keywords.KEYWORDS)
        self.assertEqual(array("STATEMENT_WORDS"), keywords.STATEMENT)
        self.assertEqual(array("UNITS"), set(keywords.units()))


if __name__ == "__main__":
    unittest.main(verbosity=1)
