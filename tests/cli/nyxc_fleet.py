"""Fleets: the bundles of several machines, their lock file, and the example."""
import json
from pathlib import Path

import harness

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "examples/04_fleet/machine.ny"
NAMES = ["front", "worker1", "worker2", "worker3"]


class Fleet(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("machine.ny", EXAMPLE.read_text(encoding="utf-8"))

    def test_the_example_is_right_and_formatted(self):
        self.assertEqual(self.expect(0, "check", "machine.ny").stderr, "")
        self.expect(0, "fmt", "--check", "machine.ny")

    def test_one_bundle_for_each_machine(self):
        self.expect(0, "build", "machine.ny")
        self.assertEqual(sorted(path.name for path in self.folder.glob("*.nyxb")), [f"machine-{name}.nyxb" for name in NAMES])
        self.assertEqual(sorted(json.loads((self.folder / "machine.lock").read_text())["machines"]), NAMES)
        self.expect(0, "build", "machine.ny", "-o", "out/of")
        for name in NAMES:
            self.assertEqual((self.folder / f"out/of/{name}.nyxb").read_bytes(), (self.folder / f"machine-{name}.nyxb").read_bytes())
        self.expect(0, "build", "--locked", "machine.ny")
        self.expect(0, "build", "machine.ny", "--machine=worker2", "-o", "one.nyxb")
        self.assertEqual((self.folder / "one.nyxb").read_bytes(), (self.folder / "machine-worker2.nyxb").read_bytes())
        self.assertEqual(sorted(json.loads((self.folder / "machine.lock").read_text())["machines"]), NAMES)
        self.assertIn("--machine", self.expect(2, "build", "machine.ny", "-o", "all.nyxb").stderr)

    def test_nothing_is_written_of_a_fleet_with_a_mistake(self):
        self.write("machine.ny", EXAMPLE.read_text().replace("memory = 1 GiB", "memory = 256 MiB"))
        self.assertIn("NY0431", self.expect(1, "build", "machine.ny").stderr)
        self.assertEqual(list(self.folder.glob("*.nyxb")) + list(self.folder.glob("*.lock")), [])

    def test_a_machine_of_it_is_drawn_and_explained(self):
        self.assertIn("worker 2", self.expect(0, "graph", "machine.ny", "--machine=worker2").stdout)
        done = self.expect(0, "explain-value", "machine.ny", "worker3.boot.cmdline")
        self.assertIn('worker3.boot.cmdline is "worker 3"', done.stdout)
        self.assertIn("`i` is 3", done.stdout)

    def test_a_host_is_no_machine(self):
        self.write("host.ny", "host rack { memory = 1 GiB }\n")
        self.expect(0, "check", "host.ny")
        self.assertIn("describes no machine", self.expect(2, "build", "host.ny").stderr)
        tree = self.expect(0, "emit", "ast", "host.ny").stdout
        self.assertIn('"host": true', tree)


if __name__ == "__main__":
    harness.main()
