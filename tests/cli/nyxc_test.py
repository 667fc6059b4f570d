"""nyxc test: conditions on machines, guests that boot, what is said of a test that fails, and that nothing stays behind.

usage: nyxc_test.py NYXC [NYX GUESTS]
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

NYX, GUESTS = (Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()) if len(sys.argv) > 3 else (None, None)
del sys.argv[2:]

import harness  # noqa: E402

STDLIB = Path(__file__).resolve().parents[2] / "stdlib"

MODEL = """let floor = 1 GiB

machine web {
    memory = 512 MiB
    boot   = pvh(image: "probe.elf")
    serial com1 { base = 0x2f8 }
    serial com2 { backend = none }

    test "its addresses" {
        expect(com1.base == 0x2f8 and com1.irq == 3)
        expect(com2.base == 0x3f8, "COM1 is free")
        for port in [com1, com2] { expect(port.base >= 0x2f8) }
    }
    test "enough memory" {
        let wanted = floor
        expect(memory >= wanted, "the package manager needs 1 GiB")
    }
    test "its start" { expect(boot == "pvh" or cpus == 1) }
    test "not without booting" { expect.serial("x") }
    test "an error of its own" { let xs = []; expect(xs[0] == 1) }
    test "nothing catches a failure" { try { expect(false, "it is not") } catch e { } }
}

machine large : web { memory = 2 GiB }
"""


def booting(cmdline, tests, serial="serial com1 { }"):
    return f"""machine guest {{
    memory = 64 MiB
    cpus   = 2
    boot   = pvh(image: "real.elf", cmdline: "{cmdline}")
    {serial}
    exit exit {{ }}
    {tests}
}}
"""


class Model(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.write("web.ny", MODEL)

    def lines(self, *arguments, status=1):
        done = self.expect(status, "test", "--format=json", "web.ny", *arguments)
        return {(line["machine"], line["test"]): line for line in map(json.loads, done.stdout.splitlines())}

    def test_each_is_run_for_the_machine_and_for_those_that_extend_it(self):
        results = {key: line["result"] for key, line in self.lines().items()}
        self.assertEqual(results[("web", "its addresses")], "passed")
        self.assertEqual(results[("web", "enough memory")], "failed")
        self.assertEqual(results[("large", "enough memory")], "passed")
        self.assertEqual(results[("web", "its start")], "passed")
        for title in ("not without booting", "an error of its own", "nothing catches a failure"):
            self.assertEqual(results[("web", title)], "failed", title)

    def test_a_failure_says_where_and_with_which_values(self):
        line = self.lines()[("web", "enough memory")]
        self.assertEqual([line["line"], line["message"]], [16, "the package manager needs 1 GiB"])
        self.assertEqual(line["parts"], ["`memory` is 512 MiB", "`wanted` is 1 GiB"])
        text = self.expect(1, "test", "web.ny", "--machine=web").stdout
        self.assertIn("failed web: enough memory", text)
        self.assertIn('16 │         expect(memory >= wanted, "the package manager needs 1 GiB")', text)
        self.assertIn("= note: `memory` is 512 MiB", text)
        self.assertIn("2 passed, 4 failed", text)
        self.assertIn("boot() comes first", text)

    def test_which(self):
        self.assertEqual(len(self.lines("--machine=web", "--filter=its addr", status=0)), 1)
        self.expect(2, "test", "web.ny", "--machine=other")
        self.expect(2, "test", "web.ny", "--filter=nothing like that")
        self.write("none.ny", 'machine m { boot = elf("probe.elf") }\n')
        self.assertIn("there are no tests", self.expect(0, "test", "none.ny").stderr)

    def test_mistakes_come_first(self):
        self.write("bad.ny", 'machine m { boot = elf("probe.elf"); test "t" { bot() } }\n')
        done = self.expect(1, "test", "bad.ny")
        self.assertIn("NY0201", done.stderr)
        self.assertEqual(done.stdout, "")
        self.expect(3, "test", "not there.ny")

    def test_to_build_a_machine_is_not_to_test_it(self):
        self.write("web.ny", MODEL.replace("machine large", "machine other").split("machine other")[0])
        self.expect(0, "check", "web.ny")
        self.expect(0, "build", "web.ny")


@unittest.skipUnless(NYX, "no nyx was given")
class Booted(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        shutil.copy(GUESTS / "probe.elf", self.folder / "real.elf")
        self.temporary = self.folder / "temporary"
        self.temporary.mkdir()
        self.environment = dict(os.environ, TMPDIR=str(self.temporary), PATH=f"{NYX.parent}:{os.environ['PATH']}")

    def run_tests(self, status, text, *arguments):
        self.write("guest.ny", text)
        done = self.expect(status, "test", "--accel=soft", "guest.ny", *arguments, env=self.environment, timeout=300)
        self.assertEqual(list(self.temporary.iterdir()), [], "a folder stays behind")
        return done

    def test_what_it_says_and_how_it_ends(self):
        tests = """test "it says hello" {
        boot()
        expect.serial("cmdline hello", within: 120 s)
        expect.serial("0 failed", within: 120 s)
        expect.poweroff(within: 120 s)
        expect(cpus == 2)
    }"""
        self.assertIn("1 passed, 0 failed", self.run_tests(0, booting("hello", tests)).stdout)

    def test_what_it_does_not_say(self):
        tests = 'test "it says goodbye" { boot(); expect.serial("goodbye", within: 120 s) }'
        done = self.run_tests(1, booting("hello", tests))
        self.assertIn('the guest ended without "goodbye" on its serial line', done.stdout)
        self.assertIn("the last lines of the serial port:", done.stdout)
        self.assertRegex(done.stdout, r"done \d+ checks, 0 failed")

    def test_another_status(self):
        tests = 'test "it leaves" { boot(); expect.exit(7, within: 120 s) }'
        self.assertIn("its status is 0", self.run_tests(1, booting("x", tests)).stdout)

    def test_a_guest_that_does_not_end_is_ended(self):
        (self.folder / "spin.bin").write_bytes(b"\xeb\xfe")
        self.write("spin.ny", 'machine spin { boot = flat(image: "spin.bin", entry: 0x100000); serial com1 { }\n'
                              '    test "never" { boot(); send("x"); expect.serial("x", within: 200 ms) } }\n')
        done = self.expect(1, "test", "--accel=soft", "spin.ny", env=self.environment, timeout=120)
        self.assertIn('"x" did not come on the serial line within 200 ms', done.stdout)
        self.assertEqual(list(self.temporary.iterdir()), [])
        for _ in range(100):
            alive = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and str(self.temporary).encode() in read(entry / "cmdline")]
            if not alive:
                break
            time.sleep(0.1)
        self.assertEqual(alive, [], "a guest stays behind")

    def test_what_this_build_has_not(self):
        done = self.run_tests(3, booting("x", 'on watchdog { pass }\n    test "handlers" { boot() }'))
        self.assertIn("refused guest: handlers", done.stdout)
        self.assertIn("watchdog timers", done.stdout)
        self.assertIn("NY0901", done.stdout)

    def test_handlers_run(self):
        tests = 'on shutdown (ctx) { print("told:", ctx.reason) }\n    test "it ends" { boot(); expect.serial("told: acpi_pm", within: 120 s) }'
        self.assertIn("1 passed, 0 failed", self.run_tests(0, booting("x", tests)).stdout)


# What nyxc test finds beside itself in place of nyx: a guest that answers over HTTP as the first word of its machine's name says.
STAND_IN = """#!%s
import re, socket, sys, threading, time
bundle = open(sys.argv[2], "rb").read()
answer, port = re.search(rb"answers_([a-z]+)", bundle)[1].decode(), int(re.search(rb"tcp\\((\\d+), 80", bundle)[1])
if answer == "ends":
    time.sleep(0.3)
    sys.exit(5)
listener = socket.create_server(("127.0.0.1", port)) if answer != "nothing" else None
print("ready", flush=True)
begin, asked = time.monotonic(), 0
while True:
    if listener is None:
        time.sleep(1)
        continue
    peer, _ = listener.accept()
    asked += 1
    request = b""
    while b"\\r\\n\\r\\n" not in request:
        request += peer.recv(4096) or b"\\r\\n\\r\\n"
    path = request.split()[1].decode()
    if answer == "well" or (answer == "late" and asked > 3):
        body = f"you asked for {path}".encode()
        peer.sendall(b"HTTP/1.0 200 OK\\r\\nContent-Length: %%d\\r\\n\\r\\n" %% len(body) + body)
        held = peer  # the length says where it ends; the connection stays
    elif answer == "late":
        peer.close()
    elif answer == "wrongly":
        peer.sendall(b"HTTP/1.1 503 Not Now\\r\\n\\r\\n")
        peer.close()
    elif answer == "rubbish":
        try:
            peer.sendall(bytes(range(256)) * 20000)
        except OSError:
            pass  # who asked has seen enough
        peer.close()
"""


class OverHttp(harness.NyxcTest):
    """expect.http against a stand-in for the guest; a real one is in tests/guest/run_disk.py."""

    def setUp(self):
        super().setUp()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.own = self.folder / "nyxc"
        shutil.copy(harness.NYXC, self.own)
        (self.folder / "nyx").write_text(STAND_IN % sys.executable)
        (self.folder / "nyx").chmod(0o755)

    def run_test(self, status, answers, test):
        self.write("web.ny", f"""machine answers_{answers} {{
    boot = pvh(image: "probe.elf")
    serial com1 {{ }}
    net eth0 {{ network = user(forward: [tcp({self.port}, 80), udp(53, 53)]) }}
    test "web" {{ {test} }}
}}
""")
        done = subprocess.run([self.own, "test", "web.ny"], cwd=self.folder, capture_output=True, text=True, timeout=100, check=False,
                              env={**os.environ, "NYX_STDLIB": str(STDLIB)})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_a_right_answer(self):
        self.run_test(0, "well", f'boot(); expect.http({self.port}); expect.http({self.port}, path: "/a?b=1", status: 200, body: "for /a?b=1")')

    def test_a_guest_that_takes_its_time(self):
        self.run_test(0, "late", f"boot(); expect.http({self.port}, status: 200, within: 60 s)")

    def test_another_status(self):
        out = self.run_test(1, "wrongly", f"boot(); expect.http({self.port}, within: 1 s)")
        self.assertIn("the guest did not answer with status 200 within 1 s", out)
        self.assertIn(f"GET / from port {self.port} of this host: status 503", out)
        self.run_test(0, "wrongly", f"boot(); expect.http({self.port}, status: 503)")

    def test_another_text(self):
        self.assertIn('status 200 and "elsewhere" within', self.run_test(1, "well", f'boot(); expect.http({self.port}, body: "elsewhere", within: 1 s)'))

    def test_what_is_no_http(self):
        self.assertIn("does not speak HTTP", self.run_test(1, "rubbish", f"boot(); expect.http({self.port}, within: 2 s)"))

    def test_nobody(self):
        self.assertIn("nobody listens there", self.run_test(1, "nothing", f"boot(); expect.http({self.port}, within: 1 s)"))

    def test_a_guest_that_ends(self):
        self.assertIn("the guest ended", self.run_test(1, "ends", f"boot(); expect.http({self.port}, within: 60 s)"))

    def test_what_cannot_be_asked(self):
        for call, said in (("expect.http(1)", "port 1 does not lead to the machine"), (f"expect.http({self.port}, path: \"a b\")", "begins with `/`"),
                           (f"expect.http({self.port}, status: 7)", "from 100 to 599"), ("expect.http(53)", "does not lead to the machine"),
                           (f"expect.http({self.port})", "boot() comes first")):
            self.assertIn(said, self.run_test(1, "well", call))


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    harness.main()
