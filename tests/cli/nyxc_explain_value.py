"""nyxc explain-value: the whole chain of a value, as text and as JSON."""
import json
import re

import harness

MACHINES = """let unit = 128 MiB

fn twice(n) { return n * 2 }

machine web {
    memory = twice(unit) + 64 MiB
    boot   = pvh(image: "probe.elf", cmdline: "a")
    serial com1 { }
    for i in 1..3 { serial { name = "s${i}"; backend = file("log${i}") } }
}

machine staging : web {
    memory = 1 GiB
    serial com1 { base = 0x2f8 }
}
"""

MEMORY_OF_WEB = """web.memory is 320 MiB
  ┌─ web.ny:6:14
6 │     memory = twice(unit) + 64 MiB
  │              ^^^^^^^^^^^^^^^^^^^^ set here
  │              ----------- `twice(unit)` is 256 MiB
  │                    ---- `unit` is 128 MiB
  ┌─ STDLIB/machine.ny:6:5
6 │     memory: size(4 KiB..256 TiB) = 128 MiB
  │     -------------------------------------- the default of `machine` would be 128 MiB
  = note: a size, such as 512 MiB
  = note: RAM, in whole 4 KiB pages. At least 1 MiB; a Linux guest wants 64 MiB or more.
"""

MEMORY_OF_STAGING = """staging.memory is 1 GiB
   ┌─ web.ny:13:14
 6 │     memory = twice(unit) + 64 MiB
   │              -------------------- overrides 320 MiB, set here by web
13 │     memory = 1 GiB
   │              ^^^^^ set here
"""

SECOND_PORT = """staging.s2.base is 0x3e8
  ┌─ web.ny:9:21
9 │     for i in 1..3 { serial { name = "s${i}"; backend = file("log${i}") } }
  │                     ^^^^^^ given 0x3e8: the first of 0x3f8, 0x2f8, 0x3e8, 0x2e8 that is free: s1 has 0x3f8, com1 has 0x2f8
"""

COM1 = """staging.com1: serial
   ┌─ web.ny:14:5
 8 │     serial com1 { }
   │     ----------- and here, by web
14 │     serial com1 { base = 0x2f8 }
   │     ^^^^^^^^^^^ described here
   = note: 16550A UART (National PC16550D, June 1995): the serial ports COM1 to COM4 of a PC.
  backend = stdio                          default
  base = 0x2f8                             set web.ny:14:26
  irq = 3                                  goes with its `base`
"""


class ExplainValue(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("web.ny", MACHINES)

    def text(self, path, file="web.ny"):
        return re.sub(r"┌─ \S*/stdlib/", "┌─ STDLIB/", self.expect(0, "explain-value", file, path).stdout)

    def json(self, path):
        return json.loads(self.expect(0, "explain-value", "--format=json", "web.ny", path).stdout)

    def test_what_an_expression_was_computed_from(self):
        self.assertEqual(self.text("web.memory"), MEMORY_OF_WEB)

    def test_what_an_override_stands_before(self):
        self.assertTrue(self.text("staging.memory").startswith(MEMORY_OF_STAGING), self.text("staging.memory"))

    def test_why_an_address_was_given(self):
        self.assertTrue(self.text("staging.s2.base").startswith(SECOND_PORT), self.text("staging.s2.base"))
        self.assertIn("given 4: goes with its `base`", self.text("web.s1.irq").replace("given 3", "given 4"))

    def test_all_of_a_device(self):
        self.assertEqual(self.text("staging.com1"), COM1)
        self.assertEqual(self.text("staging.serial.com1"), COM1)

    def test_a_default_and_what_the_board_brings(self):
        self.assertIn("the default of `pvh`", self.text("web.boot.initrd"))
        self.assertIn("described here, by pc", self.text("web.rtc"))
        self.assertIn("from web web.ny:7:14", self.text("staging"))

    def test_json_has_the_same_chain(self):
        memory = self.json("staging.memory")
        self.assertEqual([memory["path"], memory["value"]], ["staging.memory", "1 GiB"])
        self.assertEqual([(step["kind"], step["by"], step["value"]) for step in memory["steps"]],
                         [("set", "staging", "1 GiB"), ("inherited", "web", "320 MiB"), ("default", "machine", "128 MiB")])
        parts = {part["text"]: part["value"] for part in memory["steps"][1]["parts"]}
        self.assertEqual(parts["unit"], "128 MiB")
        port = self.json("staging.s2.base")["steps"][0]
        self.assertEqual([port["kind"], port["value"], port["line"]], ["assigned", "0x3e8", 9])
        inside = [value["path"] for value in self.json("web.com1")["values"]]
        self.assertEqual(inside, ["web.com1.backend", "web.com1.base", "web.com1.irq"])

    def test_the_machine_may_be_left_out_where_there_is_one(self):
        self.write("one.ny", "machine m { boot = elf(\"probe.elf\"); serial com1 { } }\n")
        self.assertTrue(self.text("com1.base", "one.ny").startswith("m.com1.base is 0x3f8\n"))
        self.assertTrue(self.text("m.com1.base", "one.ny").startswith("m.com1.base is 0x3f8\n"))

    def test_what_is_not_there(self):
        for path, meant in (("web.memry", "did you mean `web.memory`?"), ("web.com1.bas", "did you mean `web.com1.base`?"),
                            ("wep.memory", "did you mean `web`?"), ("memory", "web, staging"), ("web.com7", "com1"),
                            ("web.memory.x", "nothing is in it")):
            self.assertIn(meant, self.expect(2, "explain-value", "web.ny", path).stderr)
        for path in ("", ".", "web.", "web..memory", "\0"[:0] + "web.com1.base.x"):
            self.expect(2, "explain-value", "web.ny", path)

    def test_of_the_builder(self):
        self.write("classic.ny", 'let n = 3\nlet vm = ProductionVMBuilder().memory(n * 64 MiB)\n    .build()\n')
        done = self.nyxc("explain-value", "classic.ny", "memory")
        self.assertIn("classic.ny:2:", done.stdout)

    def test_a_machine_with_mistakes_says_what_is_known(self):
        self.write("bad.ny", 'machine m { memory = 64 MiB; boot = elf("probe.elf"); cpus = 0 }\n')
        done = self.expect(1, "explain-value", "bad.ny", "memory")
        self.assertIn("NY0504", done.stderr)
        self.assertIn("m.memory is 64 MiB", done.stdout)


if __name__ == "__main__":
    harness.main()
