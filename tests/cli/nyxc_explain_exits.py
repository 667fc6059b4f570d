"""nyxc explain-exits: every register of every device, how it is served and why not better."""
import json

import harness

EXIT_FREE = ("const-read", "doorbell", "coalesced")
MACHINE = """machine web {
    memory = 64 MiB
    boot   = pvh(image: "probe.elf")
    serial com1 { }
}
"""


class ExplainExits(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("machine.ny", MACHINE)

    def test_text_has_each_register_in_both_directions(self):
        text = self.expect(0, "explain-exits", "machine.ny").stdout
        self.assertIn("com1 (serial)", text)
        lines = [line.lower() for line in text.splitlines() if "port 0x3f8" in line]
        self.assertTrue(any(line.split()[0] == "thr" and " write " in line for line in lines), text)
        self.assertFalse(any(line.split()[0] == "thr" and " read " in line for line in lines), text)

    def test_json_says_the_same(self):
        devices = json.loads(self.expect(0, "explain-exits", "machine.ny", "--format=json").stdout)["devices"]
        com1 = next(device for device in devices if device["name"] == "com1")
        scr = next(reg for reg in com1["registers"] if reg["name"].lower() == "scr")
        self.assertEqual((scr["space"], scr["address"], scr["count"]), ("pio", 0x3FF, 1))
        for direction in ("read", "write"):
            self.assertEqual(scr[direction]["exits"], 0 if scr[direction]["service"] in EXIT_FREE else 1)
        self.assertEqual(scr["read"]["exits"], 1)  # ports
        self.assertTrue(scr["read"]["why"])

    def test_a_virtio_disk_exits_for_the_acknowledgement_alone(self):
        self.write("machine.ny", MACHINE.replace("serial com1 { }", 'disk root { image = "disk.img" }'))
        self.write("disk.img", "")
        devices = json.loads(self.expect(0, "explain-exits", "machine.ny", "--format=json").stdout)["devices"]
        root = {reg["name"]: reg for reg in next(device for device in devices if device["name"] == "root")["registers"]}
        self.assertEqual((root["queue_notify"]["write"]["service"], root["queue_notify"]["write"]["values"]), ("doorbell", [0]))
        self.assertEqual(root["interrupt_status"]["read"]["service"], "const-read")
        self.assertEqual(root["interrupt_ack"]["write"]["exits"], 1)
        self.assertEqual(root["magic_value"]["address"] % 4096, 0)  # a page, which a region by itself is given

    def test_mistakes_and_wrong_use(self):
        self.write("fleet.ny", MACHINE + "machine other : web { }\n")
        self.assertIn("--machine", self.expect(2, "explain-exits", "fleet.ny").stderr)
        self.expect(0, "explain-exits", "fleet.ny", "--machine", "other")
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        self.assertIn("error[NY0101]", self.expect(1, "explain-exits", "bad.ny").stderr)
        self.expect(3, "explain-exits", "none.ny")


if __name__ == "__main__":
    harness.main()
