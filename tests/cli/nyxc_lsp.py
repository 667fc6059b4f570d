"""The language server over pipes: a broken file gets its diagnostic, the mended one loses it."""
import json
import subprocess
import threading

import harness


class Server:
    def __init__(self, folder):
        self.process = subprocess.Popen([harness.NYXC, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.watchdog = threading.Timer(60, self.process.kill)  # ends a hanging test; no test waits for it otherwise
        self.watchdog.start()

    def send(self, method, parameters, identity=None):
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if identity is not None:
            message["id"] = identity
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            name, value = line.split(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self.process.stdout.read(length))

    def read_until(self, wanted):
        while not wanted(message := self.read()):
            pass
        return message

    def close(self):
        self.watchdog.cancel()
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Lsp(harness.NyxcTest):
    def diagnostics(self, server):
        message = server.read_until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
        return [(d["code"], d["range"]["start"]["line"], d["range"]["start"]["character"]) for d in message["params"]["diagnostics"]]

    def test_diagnostics_are_published(self):
        server = Server(self.folder)
        self.addCleanup(server.close)
        uri = (self.folder / "machine.ny").as_uri()
        server.send("initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}}, 1)
        self.assertIn("capabilities", server.read_until(lambda m: m.get("id") == 1)["result"])
        server.send("initialized", {})
        broken = 'machine web {\n    boot = pvh(image: "probe.elf")\n    memroy = 1 GiB\n    serial com1 { }\n}\n'
        server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "nyx", "version": 1, "text": broken}})
        self.assertEqual(self.diagnostics(server), [("NY0501", 2, 4)])
        changed = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": broken.replace("memroy", "memory")}]}
        server.send("textDocument/didChange", changed)
        self.assertEqual(self.diagnostics(server), [])
        server.send("shutdown", None, 2)
        server.read_until(lambda m: m.get("id") == 2)
        server.send("exit", None)
        self.assertEqual(server.process.wait(timeout=30), 0)


if __name__ == "__main__":
    harness.main()
