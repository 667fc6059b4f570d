"""nyxc emit json, yaml and schema: the machine as data, held to the schema by a validator that nobody here wrote."""
import copy
import json

import harness

try:
    import jsonschema
except ImportError:
    jsonschema = None

MACHINE = """machine web {
    \"\"\"Front.\"\"\"
    memory      = 1536 MiB
    cpus        = 2
    cpu         = x86_64_v2(without: [aes, avx])
    boot        = pvh(image: "probe.elf", cmdline: "console=ttyS0 # yes: \\"no\\"")
    accelerator = soft
    serial com1 { backend = file("on") }
    serial com2 { base = 0x2e8; irq = auto([10, 11]); backend = none }
    exit exit { }
}
"""


class Data(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("machine.ny", MACHINE)

    def data(self):
        return json.loads(self.expect(0, "emit", "json", "machine.ny").stdout)

    def schema(self):
        return json.loads(self.expect(0, "emit", "schema").stdout)

    def test_values_are_exact(self):
        web = self.data()
        self.assertEqual(list(web)[:6], ["name", "doc", "memory", "cpus", "cpu", "boot"])
        self.assertEqual((web["memory"], web["cpus"], web["irqchip"]), ("1536 MiB", 2, None))
        self.assertEqual(web["cpu"], {"type": "x86_64_v2", "without": ["aes", "avx"]})
        self.assertEqual(web["boot"], {"type": "pvh", "image": "probe.elf", "cmdline": 'console=ttyS0 # yes: "no"'})
        self.assertEqual(web["devices"]["com1"], {"type": "serial", "base": "auto", "irq": "auto", "backend": {"type": "file", "path": "on"}})
        self.assertEqual(web["devices"]["com2"], {"type": "serial", "base": 0x2e8, "irq": {"auto": [10, 11]}, "backend": "none"})
        self.assertEqual(list(web["devices"]), ["i8042", "rtc", "acpi_pm", "com1", "com2", "exit"])

    def test_equal_machines_give_equal_bytes(self):
        for form in ("json", "yaml"):
            first = self.expect(0, "emit", form, "machine.ny").stdout
            self.expect(0, "emit", form, "machine.ny", "-o", "out")
            self.assertEqual((self.folder / "out").read_text(), first)
        self.assertEqual(self.expect(0, "emit", "schema").stdout, self.expect(0, "emit", "schema").stdout)

    def test_yaml_quotes_what_could_be_something_else(self):
        lines = self.expect(0, "emit", "yaml", "machine.ny").stdout.splitlines()
        for line in ('memory: "1536 MiB"', "cpus: 2", 'accelerator: soft', "irqchip: ~", '      path: "on"', "  without: [aes, avx]", "    base: 744"):
            self.assertIn(line, lines)

    def test_schema_has_what_the_library_declares(self):
        schema = self.schema()
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        memory = schema["properties"]["memory"]
        self.assertEqual((memory["default"], memory["anyOf"][1]["minimum"]), ("128 MiB", 4096))
        self.assertIn("From 4 KiB to 256 TiB", memory["description"])
        self.assertEqual(schema["required"], ["name", "boot"])
        serial = schema["$defs"]["serial"]
        self.assertEqual(serial["properties"]["type"], {"const": "serial"})
        self.assertEqual(serial["properties"]["base"]["default"], "auto")

    @harness.unittest.skipIf(jsonschema is None, "no python3-jsonschema")
    def test_data_is_valid_and_mistakes_are_not(self):
        schema, web = self.schema(), self.data()
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        validator.validate(web)
        mistakes = [("memory", "2 gigs"), ("memory", 1), ("cpus", 0), ("cpus", "2"), ("cpu", "pentium"), ("boot", "linux"), ("boot", {"type": "linux"}),
                    ("pit", "yes"), ("frequency", 1), ("accelerator", "xen"), ("devices", {"a b": {"type": "rtc"}}), ("devices", {"x": {"type": "gpu"}}),
                    ("devices", {"x": {"type": "serial", "base": 70000}}), ("devices", {"x": {"type": "acpi_pm", "timer_bits": 28}})]
        for field, value in mistakes:
            wrong = copy.deepcopy(web)
            wrong[field] = value
            self.assertFalse(validator.is_valid(wrong), f"{field} = {value}")
        web["memory"] = 4096 * 1000
        self.assertTrue(validator.is_valid(web), "a size may be a number of bytes")

    def test_which_machine_and_mistakes(self):
        self.write("fleet.ny", MACHINE + "machine other : web { memory = 1 GiB }\n")
        self.assertIn("--machine", self.expect(2, "emit", "json", "fleet.ny").stderr)
        self.assertEqual(json.loads(self.expect(0, "emit", "json", "fleet.ny", "--machine", "other").stdout)["memory"], "1 GiB")
        self.write("bad.ny", "machine web { cpus = 0 }\n")
        done = self.expect(1, "emit", "yaml", "bad.ny", "-o", "out.yaml")
        self.assertIn("NY0504", done.stderr)
        self.assertFalse((self.folder / "out.yaml").exists())
        self.assertIn("needs a FILE", self.expect(2, "emit", "json").stderr)


if __name__ == "__main__":
    harness.main()
