"""The language server over pipes, as an editor has it: what is typed, asked, cancelled, and bytes that no editor sends."""
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
    def begin(self, text, name="machine.ny"):
        server = Server(self.folder)
        self.addCleanup(server.close)
        self.uri = (self.folder / name).as_uri()
        server.send("initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}}, 1)
        self.capabilities = server.read_until(lambda m: m.get("id") == 1)["result"]["capabilities"]
        server.send("initialized", {})
        server.send("textDocument/didOpen", {"textDocument": {"uri": self.uri, "languageId": "nyx", "version": 1, "text": text}})
        return server

    def ask(self, server, method, parameters, identity):
        server.send(method, {"textDocument": {"uri": self.uri}, **parameters}, identity)
        return server.read_until(lambda m: m.get("id") == identity)

    def until_diagnostics(self, server, wanted):
        """Reads until they are these; what comes before may be what is known so far."""
        def are_wanted(message):
            if message.get("method") != "textDocument/publishDiagnostics":
                return False
            found = [(d["code"], d["range"]["start"]["line"], d["range"]["start"]["character"]) for d in message["params"]["diagnostics"]]
            return found == wanted
        server.read_until(are_wanted)

    broken = 'machine web {\n    boot = pvh(image: "probe.elf")\n    memroy = 1 GiB\n    serial com1 { }\n}\n'

    def change(self, server, version, change):
        server.send("textDocument/didChange", {"textDocument": {"uri": self.uri, "version": version}, "contentChanges": [change]})

    def test_diagnostics_are_published(self):
        server = self.begin(self.broken)
        self.until_diagnostics(server, [("NY0501", 2, 4)])
        self.change(server, 2, {"text": self.broken.replace("memroy", "memory")})
        self.until_diagnostics(server, [])
        server.send("shutdown", None, 2)
        server.read_until(lambda m: m.get("id") == 2)
        server.send("exit", None)
        self.assertEqual(server.process.wait(timeout=30), 0)

    def test_what_is_announced_answers(self):
        text = 'fn double(x: int) { return 2 * x }\nlet four = double(2)\nmachine web {\n    boot = pvh(image: "probe.elf")\n    serial com1 { }\n}\n'
        server = self.begin(text)
        everything = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}}
        place = {"position": {"line": 1, "character": 18}}
        asked = {"completion": place, "signatureHelp": place, "hover": place, "definition": place, "references": {**place, "context": {}},
                 "documentHighlight": place, "documentSymbol": {}, "foldingRange": {}, "selectionRange": {"positions": [place["position"]]},
                 "semanticTokens/full": {}, "semanticTokens/range": everything, "inlayHint": everything, "codeLens": {},
                 "codeAction": {**everything, "context": {"diagnostics": []}}, "formatting": {"options": {}}, "prepareRename": place,
                 "rename": {**place, "newName": "twice"}}
        for identity, (method, parameters) in enumerate(asked.items(), 10):
            place["position"]["character"] = 18 if method == "signatureHelp" else 13
            with self.subTest(method):
                answer = self.ask(server, f"textDocument/{method}", parameters, identity)
                self.assertIn("result", answer, answer)
                if method not in ("codeAction", "formatting"):
                    self.assertTrue(answer["result"], answer)
                self.assertTrue(self.capabilities.get(method.split("/")[0].replace("prepareRename", "rename").replace("formatting", "documentFormatting") + "Provider"))
        server.send("workspace/symbol", {"query": "dbl"}, 99)
        self.assertEqual(server.read_until(lambda m: m.get("id") == 99)["result"][0]["name"], "double")

    def test_completion_in_a_text_that_is_being_written(self):
        server = self.begin("machine web {\n    boot = \n}\n")
        found = self.ask(server, "textDocument/completion", {"position": {"line": 1, "character": 11}}, 5)["result"]["items"]
        linux = next(item for item in found if item["label"] == "linux")
        server.send("completionItem/resolve", linux, 6)
        self.assertIn("Linux kernel", server.read_until(lambda m: m.get("id") == 6)["result"]["documentation"]["value"])

    def test_a_long_script_does_not_hold_up_what_is_typed_and_can_be_cancelled(self):
        endless = "let mut n = 0\nwhile true { n = n + 1; n = n - 1 }\n"
        server = self.begin(endless)
        # The build stage of this text runs for seconds. Each key ends it.
        for version in range(2, 40):
            self.change(server, version, {"range": {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}}, "text": "#"})
        whole = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}}, "context": {"diagnostics": []}}
        server.send("textDocument/codeAction", {"textDocument": {"uri": self.uri}, **whole}, 7)
        server.send("$/cancelRequest", {"id": 7})
        self.assertEqual(server.read_until(lambda m: m.get("id") == 7)["error"]["code"], -32800)
        server.send("textDocument/inlayHint", {"textDocument": {"uri": self.uri}, **whole}, 8)
        self.change(server, 40, {"text": "let x = 1\n"})
        self.assertEqual(server.read_until(lambda m: m.get("id") == 8)["error"]["code"], -32801)
        self.until_diagnostics(server, [])

    def test_any_bytes_are_survived(self):
        server = self.begin("let x = 1\n")
        for bad in (b"Content-Length: x\r\n\r\n{}", b"nonsense\r\n\r\n", b"Content-Length: 18446744073709551615\r\n\r\n", b"Content-Length: 9999999999\r\n\r\n[]",
                    b"\x00\xff\xfe" * 5000 + b"\n", b"Content-Length: 2\r\n\r\n\xff\xff", b"Content-Length: 1\r\n\r\n{", b"Content-Length: 9\r\n\r\n[[[[[[[[[",
                    b'Content-Length: 24\r\n\r\n{"id": {"a": 1}, "x": 1}', b'Content-Length: 30\r\n\r\n{"method":"textDocument/hover"}'):
            server.process.stdin.write(bad)
        deep = b"[" * 100000
        server.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(deep) + deep)
        nested = b'{"jsonrpc":"2.0","id":76,"method":"textDocument/hover","params":' + b"[" * 1000000 + b"]" * 1000000 + b"}"
        server.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(nested) + nested)
        server.read_until(lambda m: m.get("id") == 76)
        answer = self.ask(server, "textDocument/hover", {"position": {"line": 0, "character": 4}}, 77)
        self.assertIn("x: int", answer["result"]["contents"]["value"])
        far = self.ask(server, "textDocument/completion", {"position": {"line": 4294967295, "character": 4294967295}}, 78)
        self.assertIn("items", far["result"])
        for position in ({"line": -1, "character": 0}, {"line": 1e300, "character": 0}, {"line": "a"}, None):
            answer = self.ask(server, "textDocument/hover", {"position": position}, 79)
            self.assertTrue("error" in answer or "result" in answer)


if __name__ == "__main__":
    harness.main()
