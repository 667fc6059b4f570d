"""What a library no longer recommends: a warning with its fix, and word of it in editors, in the reference and in the JSON schema."""
import json
import os
import shutil
import unittest.mock
from pathlib import Path

import harness
import nyxc_lsp

ROOT = Path(__file__).resolve().parent.parent.parent


class Deprecated(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.library = self.folder / "stdlib"
        shutil.copytree(ROOT / "stdlib", self.library)
        console = self.library / "devices/console.ny"
        text = console.read_text()
        field = '    backend: host<backend> = pty """Where its bytes go."""\n'
        self.assertIn(field, text)
        console.write_text(text.replace(field, field + '    out @deprecated(since: "0.3", use: backend)\n')
                           + 'schema terminal : device @deprecated(since: "0.2", use: console) { }\n')
        machine = self.library / "machine.ny"
        text = machine.read_text()
        pit = 'pit: bool = true """'
        self.assertIn(pit, text)
        text = text.replace(pit, 'pit: bool = true @deprecated(since: "0.4", help: "leave it on") """')
        machine.write_text(text.replace("irqchip: host<one_of(kernel, user)?> = null",
                                        'irqchip: host<one_of(kernel, user)?> = null @deprecated(local, since: "0.3", use: user)'))
        self.enterContext(unittest.mock.patch.dict(os.environ, {"NYX_STDLIB": str(self.library)}))

    source = ('machine web {\n    boot    = pvh(image: "probe.elf")\n    pit     = true\n    irqchip = local\n'
              '    terminal hvc0 { out = none }\n}\n')

    def check(self, *options):
        (self.folder / "m.ny").write_text(self.source)
        return self.nyxc("check", "--format=json", "m.ny", *options)

    def test_use_is_a_warning_and_a_former_name_a_certain_fix(self):
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(f["code"], f["severity"], f["message"]) for f in found],
                         [("NY0515", "warning", "`pit` is deprecated since 0.4"), ("NY0515", "warning", "`local` is deprecated since 0.3"),
                          ("NY0515", "warning", "`terminal` is deprecated since 0.2"), ("NY0515", "warning", "`out` is deprecated since 0.3")])
        self.assertEqual([len(f["fixes"]) for f in found], [0, 1, 1, 1])

    def test_fixes_give_the_same_machine(self):
        (self.folder / "m.ny").write_text(self.source)
        before = self.expect(0, "emit", "plan", "m.ny")
        self.nyxc("check", "--fix", "m.ny")
        self.assertEqual((self.folder / "m.ny").read_text(), self.source.replace("local", "user").replace("terminal", "console").replace("out", "backend"))
        self.assertEqual(self.nyxc("emit", "plan", "m.ny").stdout, before.stdout)

    def test_editors_strike_it_through(self):
        server = nyxc_lsp.Server(self.folder)
        self.addCleanup(server.close)
        uri = (self.folder / "m.ny").as_uri()
        server.send("initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}}, 1)
        server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "nyx", "version": 1, "text": self.source}})
        published = server.read_until(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["diagnostics"])
        self.assertTrue(all(d["tags"] == [2] for d in published["params"]["diagnostics"]))
        server.send("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 4}}, 2)
        items = {i["label"]: i for i in server.read_until(lambda m: m.get("id") == 2)["result"]["items"]}
        self.assertNotIn("tags", items["memory"])
        self.assertEqual(items["terminal"]["tags"], [1])
        self.assertEqual(items["terminal"]["textEdit"]["newText"], "console")

    def test_the_reference_and_the_json_schema_say_so(self):
        self.expect(0, "doc", "--stdlib", "-o", "site")
        pages = "".join(page.read_text() for page in (self.folder / "site").rglob("*.html"))
        self.assertIn("<strong>Deprecated</strong> since 0.4: leave it on", pages)
        schema = json.loads(self.nyxc("emit", "schema").stdout)
        self.assertTrue(schema["properties"]["pit"]["deprecated"])
        self.assertNotIn("deprecated", schema["properties"]["memory"])


if __name__ == "__main__":
    harness.main()
