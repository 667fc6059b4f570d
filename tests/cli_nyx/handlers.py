#!/usr/bin/env python3
"""Handlers of machines on real guests: what they are told, what they do about it, their mistakes, and that a recorded run is replayed with what they decided."""
import json
import signal
import subprocess
import time
import unittest

import harness

PATIENCE_S = 60
# mov $0x3f8, %edx; 1: mov $'x', %al; out %al, %dx; mov $'\\n', %al; out %al, %dx; jmp 1b
SAYS_X_FOR_EVER = bytes.fromhex("baf8030000" "b078ee" "b00aee" "ebf8")
SOFT = ("--accel", "soft", "--soft-tier", "interpreter")


class HandlersTest(harness.NyxTest):
    def setUp(self):
        super().setUp()
        for guest in ("reset", "pvpanic", "triple_fault"):
            (self.folder / f"{guest}.bin").write_bytes((harness.OPTIONS.guests / f"{guest}.bin").read_bytes())

    def machine(self, guest, handlers, more="pvpanic pvpanic { }"):
        text = harness.MACHINE.format(name="web", guest=guest, serial="").rstrip()[:-1]
        (self.folder / "web.ny").write_text(f"{text}    {more}\n{handlers}\n}}\n")
        done = self.program(harness.OPTIONS.nyxc, "build", "web.ny")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return "web.nyxb"

    def run_it(self, status, guest, handlers, *arguments):
        return self.nyx(status, "run", self.machine(guest, handlers), *SOFT, *arguments)


class WhatHappens(HandlersTest):
    def test_a_reset_is_told_and_done(self):
        done = self.run_it(0, "reset", """
    let mut count = 0
    on reset (ctx) { count += 1; let say = fn(text) { log.info(text) }; say("reset ${count} by the ${ctx.reason}"); say(type(ctx.time)) }
    on guest_exit (ctx) { log.warn("status ${ctx.status} after ${count} resets") }""")
        self.assertIn("second start", done.stdout)
        self.assertIn("nyx: web: info: reset 1 by the i8042\nnyx: web: info: time\n", done.stderr)
        self.assertIn("nyx: web: warning: status 0 after 1 resets", done.stderr)

    def test_a_reset_that_is_ignored_leaves_the_guest_where_it_was(self):
        done = self.run_it(4, "reset", "    on reset { recover ignore }")
        self.assertNotIn("second start", done.stdout)
        self.assertIn("halted for good", done.stderr)

    def test_shutdown_in_place_of_a_reset(self):
        done = self.run_it(0, "reset", "    on reset (ctx) { recover shutdown }")
        self.assertNotIn("second start", done.stdout)
        self.assertIn("ended in place of a reset (i8042)", done.stderr)

    def test_a_panic_brings_a_reset_until_it_is_enough(self):
        done = self.run_it(4, "pvpanic", """
    let mut panics = 0
    on panic (ctx) {
        panics += 1
        if panics < 3 and not ctx.crash_loaded { recover reset }
    }""")
        self.assertEqual(done.stdout.count("about to panic"), 3)
        self.assertIn("panicked (pvpanic)", done.stderr)

    def test_shutdown_after_a_panic_is_no_success(self):
        self.assertIn("panicked (pvpanic)", self.run_it(4, "pvpanic", "    on panic { recover shutdown }").stderr)

    def test_a_panic_that_is_ignored(self):
        self.assertIn("halted for good", self.run_it(4, "pvpanic", "    on panic { recover ignore }").stderr)

    def test_a_triple_fault_with_what_is_left_of_the_registers(self):
        handlers = '    on triple_fault (ctx) { log.error("cpu ${ctx.cpu} at ${ctx.rip:x}"); recover shutdown }'
        self.assertRegex(self.run_it(4, "triple_fault", handlers).stderr, r"web: error: cpu 0 at 1000[0-9a-f]{2}\n")
        done = self.run_it(4, "triple_fault", "    let mut n = 0\n    on triple_fault { n += 1; if n < 3 { recover reset } }")
        self.assertEqual(done.stdout.count("about to triple fault"), 3)
        self.assertIn("the guest cannot go on", self.run_it(4, "triple_fault", "    on triple_fault { recover ignore }").stderr)

    def test_the_status_of_a_guest(self):
        done = self.run_it(42, "exit_code", '    on guest_exit (ctx) { print("it says", ctx.status) }')
        self.assertIn("it says 42", done.stdout)
        done = self.run_it(0, "exit_code", "    on guest_exit { recover reset }", "--on-reset", "stop")
        self.assertIn("asked for a reset (recover reset)", done.stderr)

    def test_lines_of_the_serial_port(self):
        done = self.run_it(42, "exit_code", """
    let mut seen = []
    on serial_line (ctx) { seen.push(ctx.text); if "leaving" in ctx.text { log.warn("${ctx.device} said ${ctx.text}") } }
    on guest_exit { print(seen) }""")
        self.assertIn("nyx: web: warning: com1 said leaving with 42\n", done.stderr)
        self.assertRegex(done.stdout, r'\["?leaving with 42"?\]')

    def test_a_line_ends_the_run(self):
        (self.folder / "spin.bin").write_bytes(SAYS_X_FOR_EVER)
        done = self.run_it(0, "spin", '    on serial_line (ctx) { if ctx.text == "x" { recover shutdown } }', "--timeout", str(PATIENCE_S))
        self.assertIn("ended by a handler of `serial_line`", done.stderr)

    def test_of_the_machine_that_is_extended_first(self):
        text = harness.MACHINE.format(name="base", guest="exit_code", serial="").rstrip()[:-1]
        (self.folder / "two.ny").write_text(f"""print("describing")
{text}    on guest_exit {{ print("base", memory); recover ignore }}
}}
machine web : base {{
    memory = 32 MiB
    on guest_exit {{ print("web"); recover shutdown }}
}}
""")
        self.assertIn("describing", self.program(harness.OPTIONS.nyxc, "build", "two.ny", "--machine", "web", "-o", "web.nyxb").stdout)
        done = self.nyx(42, "run", "web.nyxb", *SOFT)
        self.assertIn("base 32 MiB\nweb\n", done.stdout.replace("\r", ""))
        self.assertNotIn("describing", done.stdout)

    def test_of_a_script_that_runs_its_machine(self):
        text = harness.MACHINE.format(name="web", guest="exit_code", serial="").rstrip()[:-1]
        (self.folder / "web.ny").write_text(f'{text}    on guest_exit (ctx) {{ print("told", ctx.status) }}\n}}\nprint("before")\nprint("status", web.run())\n')
        self.assertEqual(self.program(harness.OPTIONS.nyxc, "build", "web.ny").returncode, 0)
        done = self.nyx(42, "run", "web.nyxb", *SOFT)
        # The guest's own output takes another way to the terminal.
        said = [line for line in done.stdout.replace("\r", "").splitlines() if line != "leaving with 42"]
        self.assertEqual(said, ["before", "told 42", "status 42"])


class Mistakes(HandlersTest):
    def test_a_mistake_has_its_place_and_decides_nothing(self):
        done = self.run_it(42, "exit_code", """
    on guest_exit (ctx) {
        recover ignore
        let xs = []
        print(xs[ctx.status])
    }""")
        self.assertRegex(done.stderr, r"nyx: error: web\.ny:11: in the handler of `guest_exit`: .*42")

    def test_a_handler_without_end_is_ended(self):
        done = self.run_it(42, "exit_code", "    on guest_exit { while true { } }")
        self.assertIn("in the handler of `guest_exit`: the script did not end within 10000000 steps", done.stderr)

    def test_one_that_fails_again_and_again_is_left_alone(self):
        done = self.run_it(4, "pvpanic", """
    let mut panics = 0
    on panic { panics += 1; if panics < 15 { recover reset } }
    on panic { let xs = [1]; print(xs[panics]) }""")
        self.assertEqual(done.stderr.count("in the handler of `panic`"), 10)
        self.assertIn("it is not run any more", done.stderr)

    def test_events_that_this_build_has_not(self):
        for event, what in (("exception(page_fault)", "handlers of guest exceptions"), ("watchdog", "watchdog timers")):
            (self.folder / "x.ny").write_text(harness.MACHINE.format(name="x", guest="exit_code", serial="").rstrip()[:-1] + f"    on {event} {{ pass }}\n}}\n")
            self.assertEqual(self.program(harness.OPTIONS.nyxc, "check", "x.ny").returncode, 0)
            done = self.program(harness.OPTIONS.nyxc, "build", "x.ny")
            self.assertIn(f"this build of Nyx has no {what}", done.stderr)
            self.assertEqual(done.returncode, 1)


class Paused(HandlersTest):
    def test_a_paused_machine_goes_on_as_without_a_handler(self):
        bundle = self.machine("exit_code", "    on guest_exit { recover pause }")
        command = [harness.OPTIONS.nyx, "run", bundle, *SOFT, "--name", "web", "--timeout", str(PATIENCE_S)]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            try:
                self.wait_until("paused")
                self.nyx(0, "inspect", "web", "com1")
                self.nyx(0, "resume", "web")
                self.assertEqual(run.wait(PATIENCE_S), 42)
            finally:
                run.kill()

    def test_stopping_has_the_last_word(self):
        bundle = self.machine("exit_code", """    on guest_exit { recover pause }
    on shutdown (ctx) { log.info("down: ${ctx.reason}"); recover reset }""")
        command = [harness.OPTIONS.nyx, "run", bundle, *SOFT, "--name", "web", "--timeout", str(PATIENCE_S)]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            try:
                self.wait_until("paused")
                run.send_signal(signal.SIGTERM)
                _, err = run.communicate(timeout=PATIENCE_S)
                self.assertEqual(run.returncode, 128 + signal.SIGTERM)
                self.assertIn("down: ended by", err)
                self.assertIn("the host has decided", err)
            finally:
                run.kill()

    def wait_until(self, state):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            done = self.program(harness.OPTIONS.nyx, "status", "web", "--format=json")
            if done.returncode == 0 and json.loads(done.stdout)["state"] == state:
                return
            time.sleep(0.05)
        self.fail(f"the machine is not {state}")


class Recorded(HandlersTest):
    def test_a_replay_does_what_was_decided(self):
        bundle = self.machine("pvpanic", """
    let mut panics = 0
    on panic { panics += 1; log.info("panic ${panics}"); if panics < 3 { recover reset } }""")
        first, second = (self.nyx(4, "run", bundle, "--deterministic", "--digest") for _ in range(2))
        self.assertEqual(first.stderr, second.stderr)
        recorded = self.nyx(4, "record", "-o", "web.nyxr", bundle)
        self.assertEqual(recorded.stderr.count("nyx: web: info: panic"), 3)
        replayed = self.nyx(0, "replay", "web.nyxr")
        self.assertEqual(replayed.stdout.count("about to panic"), 3)
        self.assertNotIn("nyx: web: info", replayed.stderr)


if __name__ == "__main__":
    harness.main()
