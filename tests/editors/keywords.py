#!/usr/bin/env python3
"""The words that editors highlight are those of the compiler: no fewer, no others.

usage: keywords.py SOURCE_DIR
"""
import json
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop(1)) if __name__ == "__main__" and len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
WORDS = re.compile(r"\((?:\?:)?([A-Za-z][A-Za-z0-9/]*(?:\|[A-Za-z][A-Za-z0-9/]*)*)\)")
# Names by convention, not keywords of the lexer.
SELF = {"self", "this"}
HEADER = {"extends", "as"}


def lexer_keywords():
    """The words of the rules LET to NOT, as `is_keyword` of compiler/syntax/keywords.cc takes them."""
    text = (ROOT / "grammar/NyxLexer.g4").read_text()
    rules = text[text.index("LET:"):text.index("IDENTIFIER:")]
    return set(re.findall(r"'([a-z]+)'", rules))


def table(function):
    text = (ROOT / "compiler/syntax/keywords.cc").read_text()
    body = text[text.index(f" {function}("):]
    return set(re.findall(r'"([a-z]+)"', body[:body.index("\n}\n")]))


def units():
    return re.findall(r'^NYX_UNIT\("([^"]+)"', (ROOT / "compiler/syntax/units.def").read_text(), re.M)


KEYWORDS = lexer_keywords()
STATEMENT = table("statement_keyword")
DEVICE = table("device_keyword") | table("is_device_keyword")
ACCESSES = set(re.findall(r'"(\w+)"', re.search(r"kKinds\[\] = \{(.*?)\};", (ROOT / "devices/ir/program_json.cc").read_text(), re.S).group(1)))


def patterns(rule):
    yield from (rule[key] for key in ("match", "begin") if key in rule)
    for inner in rule.get("patterns", []):
        yield from patterns(inner)


def alternatives(texts):
    return {word for text in texts for group in WORDS.findall(text) for word in group.split("|")}


class TextMate(unittest.TestCase):
    def setUp(self):
        self.rules = json.loads((ROOT / "editors/vscode/syntaxes/nyx.tmLanguage.json").read_text())["repository"]

    def words(self, *names):
        return alternatives(text for name in names for text in patterns(self.rules[name]))

    def test_keywords(self):
        self.assertEqual(self.words("keyword", "operator") - SELF - HEADER, KEYWORDS)

    def test_devices_begin_with_no_keyword(self):
        self.assertEqual(self.words("device"), KEYWORDS)

    def test_words_of_statements(self):
        found = self.words("declaration", "statement-word") - HEADER - {"class", "fn", "import"}
        self.assertEqual(found, STATEMENT | DEVICE)

    def test_accesses(self):
        self.assertEqual(self.words("device-part"), ACCESSES)

    def test_units(self):
        self.assertEqual(self.words("quantity"), set(units()))


class Vim(unittest.TestCase):
    def setUp(self):
        self.text = (ROOT / "editors/neovim/syntax/nyx.vim").read_text()

    def test_keywords(self):
        lines = re.findall(r"^syn keyword nyx(?!Type|Todo)\w+ (.*)$", self.text, re.M)
        self.assertEqual({word for line in lines for word in line.split()} - SELF - HEADER, KEYWORDS)

    def test_words_of_statements(self):
        lines = re.findall(r"^syn match nyx(?:Structure|Include|Statement|Device) .*?\\zs\\%\((.*?)\\\)\\ze", self.text, re.M)
        self.assertEqual({word for line in lines for word in line.split(r"\|")}, STATEMENT | DEVICE)

    def test_accesses(self):
        line = re.search(r"^syn match nyxAccess .*?\\@<=\\%\((.*?)\\\)\\>", self.text, re.M).group(1)
        self.assertEqual(set(line.split(r"\|")), ACCESSES - KEYWORDS)

    def test_units(self):
        line = re.search(r"^syn match nyxUnit .*?\\@<=\\%\((.*?)\\\)\\>", self.text, re.M).group(1)
        self.assertEqual(set(line.split(r"\|")), set(units()))


class Emacs(unittest.TestCase):
    def setUp(self):
        self.text = (ROOT / "editors/emacs/nyx-mode.el").read_text()

    def list(self, name):
        body = re.search(rf"\(defconst {name}\s+'\((.*?)\)", self.text, re.S).group(1)
        return set(re.findall(r'"([^"]+)"', body))

    def test_keywords(self):
        self.assertEqual((self.list("nyx-keywords") | self.list("nyx-constants")) - SELF - HEADER, KEYWORDS)

    def test_words_of_statements(self):
        self.assertEqual(self.list("nyx-statement-words"), STATEMENT)
        self.assertEqual(self.list("nyx-device-words"), DEVICE)
        self.assertEqual(self.list("nyx-accesses"), ACCESSES)
        used = {word for group in re.findall(r'statement-start "\\\\\(([a-z\\\\|]+)\\\\\)', self.text) for word in group.split(r"\\|")}
        self.assertEqual(used - {"class"}, STATEMENT)

    def test_units(self):
        self.assertEqual(self.list("nyx-units"), set(units()))


class Lexer(unittest.TestCase):
    def test_the_compiler_was_understood(self):
        """If its sources are written otherwise one day, this test must not become empty."""
        self.assertTrue({"let", "raise", "or", "null"} <= KEYWORDS, KEYWORDS)
        self.assertTrue({"machine", "use"} <= STATEMENT, STATEMENT)
        self.assertTrue({"bank", "reg"} <= DEVICE, DEVICE)
        self.assertTrue({"const", "w1c"} <= ACCESSES, ACCESSES)
        self.assertIn("Gbit/s", units())

    def test_the_page_of_the_syntax_has_them(self):
        page = (ROOT / "docs/syntax.md").read_text()
        table = [set(row.split()) for row in re.findall(r"^\| `([^`]*)` \|", page, re.M)]
        self.assertIn(KEYWORDS, table)
        self.assertIn(STATEMENT, table)
        self.assertIn(DEVICE, table)


class Extension(unittest.TestCase):
    """What package.json names is there, and what the client registers is named."""

    def setUp(self):
        self.folder = ROOT / "editors/vscode"
        self.package = json.loads((self.folder / "package.json").read_text())

    def test_files(self):
        parts = self.package["contributes"]
        named = [self.package["main"], parts["grammars"][0]["path"], parts["snippets"][0]["path"], parts["languages"][0]["configuration"]]
        for name in named:
            self.assertTrue((self.folder / name).is_file(), name)

    def test_commands(self):
        declared = {entry["command"] for entry in self.package["contributes"]["commands"]}
        client = (self.folder / "client/extension.js").read_text()
        registered = set(re.findall(r"'(nyx\.\w+)'", client)) - {"nyx.server"}
        registered |= {f"nyx.{name}" for name in ("check", "build", "test", "run")}
        self.assertEqual(registered - {"nyx.server.path"}, declared)
        for menu in self.package["contributes"]["menus"].values():
            self.assertLessEqual({entry["command"] for entry in menu}, declared)

    def test_the_problem_matcher_reads_what_nyxc_prints(self):
        matcher = self.package["contributes"]["problemMatchers"][0]["pattern"]
        first = re.match(matcher[0]["regexp"], "error[NY0501]: machine web has no field `memroy`")
        second = re.match(matcher[1]["regexp"], "  ┌─ some folder/b.ny:3:5")
        self.assertEqual(first.groups(), ("error", "NY0501", "machine web has no field `memroy`"))
        self.assertEqual(second.groups(), ("some folder/b.ny", "3", "5"))

    def test_the_problem_matcher_of_tests_reads_what_nyxc_prints(self):
        matcher = self.package["contributes"]["problemMatchers"][1]["pattern"]
        self.assertEqual(re.match(matcher[0]["regexp"], "failed web: enough memory").group(1), "failed web: enough memory")
        self.assertIsNone(re.match(matcher[0]["regexp"], "passed web: its address"))
        self.assertEqual(re.match(matcher[1]["regexp"], "  ┌─ /a/b.ny:3:5").groups(), ("/a/b.ny", "3", "5"))

    def test_the_lock_file_fits(self):
        lock = json.loads((self.folder / "package-lock.json").read_text())["packages"][""]
        for kind in ("dependencies", "devDependencies"):
            self.assertEqual(lock[kind], self.package[kind])

    def test_versions_agree(self):
        self.assertEqual(self.package["version"], (ROOT / "VERSION").read_text().split()[0].removesuffix("-dev"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
