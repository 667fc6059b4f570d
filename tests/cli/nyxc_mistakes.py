"""Ten different mistakes are ten diagnostics, each at its line and column, the same in text, JSON and SARIF."""
import json
import re

import harness

# Each mistake is marked: ⟦ stands before its first character and is not part of the file.
SOURCE = """import std.⟦bords.nothing
let sizes = [64, 128]
const LIMIT = 4
⟦LIMIT = 5
let each = ⟦size * 2
let reserve = 3 ⟦¬ 1

machine web {
    boot = pvh(image: "probe.elf")
    ⟦memroy = 64 MiB
    cpus = ⟦"two"
    serial com1 { backend = ⟦stdoi }
    ⟦seriel com2 { }
    memory = 100 ⟦MIB
}
machine spare { boot = pvh(image: ⟦"prob.elf"); serial com1 { } }
"""
CODES = ["NY0202", "NY0205", "NY0201", "NY0002", "NY0501", "NY0502", "NY0509", "NY0505", "NY0007", "NY0601"]


class Mistakes(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        text = SOURCE.replace("std.⟦", "⟦std.")
        self.places = []
        for number, line in enumerate(text.split("\n"), 1):
            if "⟦" in line:
                self.places.append((number, line.index("⟦") + 1))
        self.write("machine.ny", text.replace("⟦", ""))
        self.expected = list(zip(CODES, *zip(*self.places)))

    def test_text(self):
        done = self.expect(1, "check", "machine.ny")
        found = re.findall(r"^error\[(NY\d+)\].*\n *┌─ machine\.ny:(\d+):(\d+)$", done.stderr, re.M)
        self.assertEqual([(code, int(line), int(column)) for code, line, column in found], self.expected, done.stderr)
        self.assertTrue(done.stderr.endswith("10 errors\n"), done.stderr[-100:])

    def test_json(self):
        done = self.expect(1, "check", "--format=json", "machine.ny")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(f["code"], f["line"], f["column"]) for f in found], self.expected)
        self.assertEqual({f["file"] for f in found}, {"machine.ny"})

    def test_sarif(self):
        log = json.loads(self.expect(1, "check", "--format=sarif", "machine.ny").stdout)
        self.assertEqual(log["version"], "2.1.0")
        self.assertIn("sarif-2.1.0", log["$schema"])
        run = log["runs"][0]
        self.assertEqual(run["columnKind"], "unicodeCodePoints")
        self.assertEqual(run["tool"]["driver"]["name"], "nyxc")
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        self.assertEqual(rules, sorted(set(CODES)))
        for result in run["results"]:
            self.assertIn(result["level"], ("error", "warning", "note"))
            self.assertTrue(result["message"]["text"])
            region = result["locations"][0]["physicalLocation"]["region"]
            self.assertLessEqual((region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"]))
        found = []
        for result in log["runs"][0]["results"]:
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], "machine.ny")
            found.append((result["ruleId"], place["region"]["startLine"], place["region"]["startColumn"]))
        self.assertEqual(found, self.expected)

    def test_one_mistake_is_said_once(self):
        for source in ("x = foo(1)\ny = x.bar + 1\nprint(y)\n",
                       "import nothing\ny = nothing.size(3)\nmachine web { boot = pvh(image: \"probe.elf\"); memory = y; serial com1 { } }\n",
                       "from nothing import size\nmachine web { boot = pvh(image: \"probe.elf\"); memory = size(3); serial com1 { } }\n",
                       "class A extends B { x = 1 }\na = A()\nb = a.x + 1\n",
                       "let n = many * 2\nmachine web { boot = pvh(image: \"probe.elf\"); cpus = n; require cpus > 1; serial com1 { } }\n",
                       "machine web { boot = pvh(image: \"probe.elf\"); cpus = \"two\"; require cpus > 1; serial com1 { } }\n",
                       "machine web { boot = pvh(image: \"probe.elf\"); memory = 3 MIB * 2; serial com1 { } }\n",
                       "let n = 1 / 0\nif n > 3 { print(\"big\") }\nm = n + 1\nlist = [m]\nlist.append(2)\nprint(list[1])\n",
                       "fn f() { let x = ; return x }\nlet y = f() + 1\nassert y == 3\n",
                       "class A { fn init(self) { self.items = [1, }\n}\na = A()\nprint(a.items[0])\n",
                       "let sizes = [1, 2]\nsizes[5] = 3\nprint(sizes[5])\n",
                       "let mut x = 3 +\nwhile true { x = 1 }\n",
                       "let x = nothing_here\nfn f() { return f() }\nf()\n",
                       "bot = [1, 2\nprint(bot[0])\n"):
            self.write("one.ny", source)
            done = self.expect(1, "check", "--format=json", "one.ny")
            self.assertEqual(len(done.stdout.splitlines()), 1, source + done.stdout)

    def test_what_does_not_depend_on_a_mistake_is_reported_too(self):
        self.write("two.ny", "for i in 0..3 { print(1 / (i - 1)) }\nlet list = [1]\nprint(list[4])\n"
                             "fn make(n) { machine inner { boot = pvh(image: \"probe.elf\"); memory = n / 0; cpsu = 2 } }\nmake(3)\n"
                             "machine web { boot = pvh(image: \"probe.elf\")\n if list[9] > 1 { serial com1 { } }\n memory = \"much\" }\n")
        done = self.expect(1, "check", "--format=json", "two.ny")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(f["code"], f["line"]) for f in found],
                         [("NY0301", 1), ("NY0301", 3), ("NY0301", 4), ("NY0501", 4), ("NY0301", 7), ("NY0502", 8)], done.stdout)


if __name__ == "__main__":
    harness.main()
