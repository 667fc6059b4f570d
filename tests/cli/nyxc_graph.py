"""nyxc graph and nyxc emit graph: the formats, and which machine."""
import json
import xml.etree.ElementTree

import harness

MACHINE = """machine web {
    memory = 64 MiB
    boot   = pvh(image: "probe.elf", cmdline: "a < b & c")
    serial com1 { }
}
"""


class Graph(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("machine.ny", MACHINE)

    def texts(self, svg):
        root = xml.etree.ElementTree.fromstring(svg)
        return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]

    def test_svg_is_well_formed_and_has_the_parts(self):
        texts = self.texts(self.expect(0, "graph", "machine.ny").stdout)
        for part in ("web", "com1", "ports 0x3f8–0x3ff", "irq 4", "terminal of nyx", "a < b & c", "kernel: probe.elf (4.1 KiB)"):
            self.assertIn(part, texts)

    def test_files_by_their_names(self):
        for command in (["graph"], ["emit", "graph"]):
            for name in ("out.svg", "out.dot", "out.json"):
                self.assertEqual(self.expect(0, *command, "machine.ny", "-o", name).stdout, "")
            self.texts((self.folder / "out.svg").read_text())
            self.assertTrue((self.folder / "out.dot").read_text().startswith('digraph "web" {'))
            graph = json.loads((self.folder / "out.json").read_text())
            ids = [node["id"] for node in graph["nodes"]]
            self.assertIn("device:com1", ids)
            for edge in graph["edges"]:
                self.assertIn(edge["from"], ids)
                self.assertIn(edge["to"], ids)

    def test_one_machine_of_several(self):
        self.write("fleet.ny", MACHINE + "machine other : web { memory = 1 GiB }\n")
        self.assertIn("other", self.texts(self.expect(0, "graph", "fleet.ny", "--machine", "other").stdout))
        self.expect(2, "graph", "fleet.ny", "--machine", "none")
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        self.assertIn("error[NY0101]", self.expect(1, "graph", "bad.ny").stderr)
        self.expect(3, "graph", "machine.ny", "-o", "no/such/folder/out.svg")

    def test_all_machines_of_a_file_by_their_hosts(self):
        fleet = MACHINE + "machine other : web { memory = 1 GiB }\n"
        self.write("open.ny", fleet)
        texts = self.texts(self.expect(0, "graph", "open.ny").stdout)
        for part in ("open.ny", "2 machines", "on no declared host", "web", "64 MiB, 1 vCPU", "other", "1 GiB, 1 vCPU"):
            self.assertIn(part, texts)
        self.write("fleet.ny", "host rack { memory = 2 GiB; machines = [\"web\"] }\n" + fleet)
        texts = self.texts(self.expect(0, "graph", "fleet.ny").stdout)
        for part in ("2 machines on 1 host", "host rack", "memory 64 MiB of 2 GiB", "memory 1 GiB"):
            self.assertIn(part, texts)
        shapes = json.loads(self.expect(0, "graph", "fleet.ny", "--format", "json").stdout)["hosts"]
        self.assertEqual([host["host"] for host in shapes], ["rack", None])
        self.assertEqual(shapes[0]["memory"], {"used": 64 << 20, "limit": 2 << 30})
        self.assertEqual([machine["machine"] for host in shapes for machine in host["machines"]], ["web", "other"])
        dot = self.expect(0, "graph", "fleet.ny", "--format", "dot").stdout
        self.assertIn('label = "host rack"', dot)
        self.assertIn('"web/device:com1"', dot)
        self.assertEqual(dot.count("{"), dot.count("}"))

    def test_a_fleet_with_a_mistake_is_not_drawn(self):
        twice = "    serial com2 { port = 0x3f8 }\n"
        self.write("bad.ny", MACHINE + "machine other : web {\n" + twice.replace("port", "base") + "}\n")
        self.assertIn("error[", self.expect(1, "graph", "bad.ny", "-o", "bad.svg").stderr)
        self.assertFalse((self.folder / "bad.svg").exists())


if __name__ == "__main__":
    harness.main()
