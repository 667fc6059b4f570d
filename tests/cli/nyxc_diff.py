"""nyxc diff: sources and bundles, text and JSON, exit statuses."""
import json

import harness

BASE = """machine web {
    memory = 64 MiB
    boot   = pvh(image: "probe.elf", cmdline: "quiet")
    serial com1 { }
}
"""
FLEET = BASE + """machine big : web { memory = 128 MiB }
machine other : web { serial com2 { backend = none } }
"""


class Diff(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("a.ny", BASE)
        self.write("fleet.ny", FLEET)

    def changes(self, *arguments):
        return json.loads(self.expect(0, "diff", "--format=json", *arguments).stdout)["changes"]

    def test_the_same_machine_written_differently(self):
        self.write("b.ny", "# nothing else\n" + BASE.replace("64 MiB", "65536 KiB"))
        done = self.expect(0, "diff", "--exit-code", "a.ny", "b.ny")
        self.assertEqual(done.stdout, "a.ny and b.ny are the same machine\n")

    def test_each_change_has_both_values_and_places(self):
        first = self.changes("a.ny", "fleet.ny#big")
        by_path = {change["path"]: change for change in first}
        memory = by_path["web.memory"]
        self.assertEqual((memory["before"], memory["after"], memory["class"]), ("64 MiB", "128 MiB", "rebuild"))
        self.assertEqual((memory["from"]["line"], memory["to"]["line"]), (2, 6))
        self.assertEqual(by_path["web.name"]["after"], "big")
        self.assertTrue(by_path["web.memory-map.ram"]["follows"])

    def test_the_classes(self):
        self.write("b.ny", BASE.replace("quiet", "loud").replace("com1 { }", "com1 { backend = pty; base = 0x2f8 }"))
        classes = {change["path"]: change["class"] for change in self.changes("a.ny", "b.ny") if not change["follows"]}
        self.assertEqual(classes["web.boot.cmdline"], "reboot")
        self.assertEqual(classes["web.serial.com1.backend"], "live")
        self.assertEqual(classes["web.serial.com1.base"], "breaks the guest's view")
        self.assertIn("breaks the guest's view", self.expect(0, "diff", "a.ny", "b.ny").stdout.splitlines()[-1])

    def test_bundles(self):
        self.expect(0, "build", "a.ny")
        self.assertEqual(self.changes("a.nyxb", "a.ny"), [])
        paths = [change["path"] for change in self.changes("a.nyxb", "fleet.ny#other") if not change["follows"]]
        self.assertEqual(sorted(paths), ["web.name", "web.serial.com2"])
        self.write("bad.nyxb", b"no bundle")
        self.expect(3, "diff", "bad.nyxb", "a.ny")

    def test_exit_statuses(self):
        self.expect(0, "diff", "a.ny", "fleet.ny#big")
        self.expect(1, "diff", "--exit-code", "a.ny", "fleet.ny#big")
        self.assertIn("web, big, other", self.expect(2, "diff", "a.ny", "fleet.ny").stderr)
        self.expect(2, "diff", "a.ny", "fleet.ny#none")
        self.expect(3, "diff", "a.ny", "none.ny")
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        done = self.expect(1, "diff", "a.ny", "bad.ny")
        self.assertIn("error[NY0101]", done.stderr)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    harness.main()
