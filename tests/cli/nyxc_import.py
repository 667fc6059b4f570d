"""nyxc import and nyxc emit libvirt: the corpus, the round trip, hostile input, and files that stay whole."""
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / "golden/import"
UPDATE = "--update" in sys.argv
if UPDATE:
    sys.argv.remove("--update")

import harness  # noqa: E402

DOMAIN = """<domain type='kvm'>
  <name>web</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type>hvm</type><kernel>probe.elf</kernel></os>
  <features><acpi/></features>
</domain>
"""
MICROVM = '{"boot-source": {"kernel_image_path": "probe.elf"}, "machine-config": {"vcpu_count": 1, "mem_size_mib": 64}}'
QEMU = "qemu-system-x86_64 -m 64 -kernel probe.elf -nographic\n"


class Import(harness.NyxcTest):
    def corpus(self):
        return sorted(p for p in GOLDEN.iterdir() if p.suffix in (".xml", ".json", ".sh"))

    def images_of(self, source):
        """The images that an imported source names, made here, so that it can be checked: Linux is a PVH program, firmware a page."""
        text = source
        for quoted in source.split('"')[1::2]:
            if ("kernel: \"%s\"" % quoted) in text:
                text = text.replace('"%s"' % quoted, '"probe.elf"')
            elif ("initrd: \"%s\"" % quoted) in text:
                text = text.replace('"%s"' % quoted, '"initrd.img"')
            elif ("firmware(image: \"%s\"" % quoted) in text:
                text = text.replace('"%s"' % quoted, '"flat.bin"')
        return text

    def test_corpus(self):
        for file in self.corpus():
            with self.subTest(file=file.name):
                shutil.copy(file, self.folder)
                done = self.expect(0, "import", file.name)
                self.write("got.ny", done.stdout)
                self.expect(0, "fmt", "--check", "got.ny")
                self.write("checked.ny", self.images_of(done.stdout))
                self.assertEqual(self.expect(0, "check", "checked.ny").stderr.count("error"), 0)
                said = [line for line in done.stderr.splitlines(True) if "this file is not here" not in line]  # as the host has it
                found = f"{done.stdout}#--- stderr\n{''.join(said)}"
                expected = file.with_suffix(".expected")
                if UPDATE:
                    expected.write_text(found)
                self.assertEqual(expected.read_text(), found)

    def test_round_trip_through_libvirt(self):
        self.write("web.ny", """machine web {
    \"\"\"Front "end" & more.\"\"\"
    memory = 1536 MiB
    cpus = 3
    cpu = host(without: [sse4_2, avx512_vnni], requires: [sse3])
    boot = linux(kernel: "probe.elf", initrd: "initrd.img", cmdline: "a < b & c=\\"d\\" 'e'")
    pit = false
    accelerator = soft
    irqchip = user
    serial com1 { backend = pty }
    serial log { backend = file("log.txt") }
    serial odd { base = 0x2e8; irq = 10; backend = none }
    pvpanic pvpanic { port = 0x510 }
    debugcon debugcon { port = 0x402; backend = none }
}
machine levels { memory = 64 MiB; cpu = x86_64_v2; boot = pvh(image: "probe.elf"); acpi = false }
machine bios { memory = 64 MiB; boot = firmware(image: "flat.bin"); irqchip = kernel }
""")
        for name, warned in (("web", 0), ("levels", 1), ("bios", 0)):
            done = self.expect(0, "emit", "libvirt", "web.ny", "--machine", name, "-o", "web.xml")
            self.assertEqual(done.stderr.count("warning[NY0702]"), warned, done.stderr)
            self.valid((self.folder / "web.xml").read_text())
            self.expect(0, "import", "web.xml", "-o", "back.ny", "--force")
            self.expect(0, "check", "back.ny")
            changes = [c for c in json.loads(self.expect(0, "diff", f"web.ny#{name}", "back.ny", "--format=json").stdout)["changes"]]
            left = [c for c in changes if "log.txt" not in c["before"]]  # libvirt's paths are absolute
            self.assertEqual(left, [])
            again = self.expect(0, "emit", "libvirt", "back.ny").stdout
            self.assertEqual(again, (self.folder / "web.xml").read_text())

    def valid(self, xml):
        if not shutil.which("virt-xml-validate"):
            return
        self.write("valid.xml", xml)
        done = subprocess.run(["virt-xml-validate", "valid.xml", "domain"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_libvirt_lacks_is_a_warning_at_its_place(self):
        self.write("odd.ny", """machine odd {
    boot = flat("flat.bin", entry: 0x100000)
    exit exit { }
    serial com1 { }
    pvpanic pvpanic { events = 1 }
}
""")
        done = self.expect(0, "emit", "libvirt", "odd.ny")
        self.valid(done.stdout)
        for said in ("odd.ny:2:12", "cannot start raw bytes", "odd.ny:3:5", "isa-debug-exit", "pseudo-terminal", "`events` of pvpanic"):
            self.assertIn(said, done.stderr)
        self.assertEqual(done.stderr.count("warning[NY0702]"), 4)

    def test_files_that_are_not_here_are_named(self):
        self.write("web.xml", DOMAIN.replace("probe.elf", "gone.elf"))
        self.assertIn("gone.elf: this file is not here", self.expect(0, "import", "web.xml").stderr)

    def test_formats_are_recognized_and_doubt_is_said(self):
        for name, text in (("a.xml", DOMAIN), ("b.json", MICROVM), ("c.sh", QEMU)):
            self.write(name, text)
            self.assertIn("probe.elf", self.expect(0, "import", name).stdout)
            self.assertIn("probe.elf", self.expect(0, "import", "-", input=text).stdout)
        for doubtful in ("", "hello\n", "<network/>", "{}", "[1]"):
            self.assertIn("--from", self.expect(2, "import", "-", input=doubtful).stderr)
        self.expect(1, "import", "--from", "libvirt", "-", input=MICROVM)
        self.expect(2, "import", "--from", "xen", "-", input="")
        self.expect(3, "import", "none.xml")

    def test_files_stay_whole(self):
        self.write("web.xml", DOMAIN)
        self.write("bad.xml", DOMAIN.replace("<vcpu>1", "<vcpu>many"))
        self.write("out.ny", "mine\n")
        self.assertIn("--force", self.expect(2, "import", "web.xml", "-o", "out.ny").stderr)
        self.assertEqual((self.folder / "out.ny").read_text(), "mine\n")
        self.expect(1, "import", "bad.xml", "-o", "out.ny", "--force")
        self.assertEqual((self.folder / "out.ny").read_text(), "mine\n")
        self.expect(1, "import", "bad.xml", "-o", "new.ny")
        self.assertFalse((self.folder / "new.ny").exists())
        self.expect(0, "import", "web.xml", "-o", "out.ny", "--force", "--name", "other")
        self.assertIn("machine other {", (self.folder / "out.ny").read_text())
        self.expect(0, "check", "out.ny")

    def mistake(self, format, text, place, said):
        done = self.nyxc("import", "--from", format, "-", input=text)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertIn(f"<stdin>:{place}", done.stderr)
        self.assertIn(said, done.stderr)

    def test_hostile_xml(self):
        entities = "".join(f'<!ENTITY l{n} "{"&l%d;" % (n - 1) * 10}">' for n in range(1, 9))
        self.mistake("libvirt", f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>\n<domain><name>&l8;</name></domain>', "1:", "document type")
        self.mistake("libvirt", '<!DOCTYPE domain SYSTEM "file:///etc/passwd"><domain/>', "1:", "document type")
        self.mistake("libvirt", "<domain>" + "<a>" * 100000, "1:", "")
        self.mistake("libvirt", "<domain>" + "<a>" * 1000 + "</a>" * 1000 + "</domain>", "1:", "nested too deeply")
        self.mistake("libvirt", "<domain type='kvm' type='qemu'/>", "1:2", "two attributes `type`")
        self.mistake("libvirt", "<domain>\n<name>", "2:", "well-formed")
        self.mistake("libvirt", DOMAIN.replace(">64<", ">NaN<"), "3:22", "whole number")
        self.mistake("libvirt", DOMAIN.replace(">64<", ">-1<"), "3:22", "whole number")
        self.mistake("libvirt", DOMAIN.replace(">64<", ">99999999999999999999999<"), "3:22", "too large")
        self.mistake("libvirt", DOMAIN.replace(">64<", ">0<"), "3:4", "from 1 MiB")
        self.mistake("libvirt", DOMAIN.replace("MiB", "cups"), "3:4", "no unit")
        self.mistake("libvirt", DOMAIN.replace("<vcpu>1", "<vcpu>70000"), "4:4", "1024 vCPUs")
        self.mistake("libvirt", DOMAIN.replace("<type>", "<type arch='aarch64'>"), "5:8", "x86_64")
        self.mistake("libvirt", "<domain/>", "1:2", "<name>")
        self.mistake("libvirt", "<network/>", "1:2", "<domain>")

    def test_hostile_json(self):
        self.mistake("firecracker", MICROVM[:-1], "1:", "no JSON")
        self.mistake("firecracker", "[" * 100000, "1:", "")
        self.mistake("firecracker", MICROVM.replace('"vcpu_count": 1', '"vcpu_count": 1,\n "vcpu_count": 2'), "", "stands twice")
        for value, said in (("-1", "whole number"), ("1.5", "whole number"), ('"2"', "whole number"), ("1e400", "out of range"), ("0", "from 1 to 1024"), ("NaN", "no JSON"),
                            ("18446744073709551616", "whole number")):
            self.mistake("firecracker", MICROVM.replace('"vcpu_count": 1', f'"vcpu_count": {value}'), "1:", said)
        self.mistake("firecracker", MICROVM.replace('"mem_size_mib": 64', '"mem_size_mib": 18446744073709551615'), "1:", "256 TiB")
        self.mistake("firecracker", MICROVM.replace('"probe.elf"', "7"), "1:18", "is a text")
        self.mistake("firecracker", '{"machine-config": {}}', "1:1", "boot-source")
        self.mistake("firecracker", '{"boot-source": []}', "1:2", "is an object")
        self.mistake("firecracker", "3", "1:1", "is an object")

    def test_hostile_command_lines(self):
        self.mistake("qemu", "echo hello", "1:1", "no program of QEMU")
        self.mistake("qemu", "qemu-system-aarch64 -m 1G", "1:1", "x86_64")
        self.mistake("qemu", 'qemu-system-x86_64 -append "root', "1:28", "not closed")
        self.mistake("qemu", "qemu-system-x86_64 -m", "1:20", "no value")
        for size in ("nan", "-5", "1.", "1..5G", "2X", "99999999999999999999", "99999999E", "0", "inf", "1e9", ".5G"):
            self.mistake("qemu", f"qemu-system-x86_64 \\\n -m {size}", "2:5", "")
        self.mistake("qemu", "qemu-system-x86_64 -smp two", "1:25", "whole number")
        self.mistake("qemu", "qemu-system-x86_64 -serial chardev:none", "1:28", "-chardev")
        self.mistake("qemu", "qemu-system-x86_64 -name a\0b", "1:", "zero byte")

    def test_texts_cannot_leave_their_place(self):
        name = "x\"; } machine evil { memory = 1 }"
        for injected in (name, "${1/0}", "a\nb", "\x1b[31m", "\u202e", "-->", '"""', "\\"):
            line = QEMU.replace("probe.elf", "'%s'" % injected).replace("-nographic", f"-nographic -name '{injected}' -fsdev 'local,path={injected}'")
            done = self.expect(0, "import", "-", input=line)
            self.assertNotIn("\x1b", done.stdout)
            self.write("out.ny", done.stdout)
            self.expect(0, "check", "--syntax-only", "out.ny")
            tree = json.loads(self.expect(0, "emit", "ast", "out.ny").stdout)
            self.assertEqual(len(tree["body"]), 1)

    def test_mutations(self):
        """Any bytes give a source that parses, or mistakes; never a crash, never half a file."""
        dice = random.Random(20)
        rounds = int(os.environ.get("NYX_IMPORT_ROUNDS", "40"))
        for file in self.corpus():
            format = file.suffixes[0][1:]
            for number in range(rounds):
                data = bytearray(file.read_bytes())
                for _ in range(dice.randint(1, 8)):
                    at = dice.randrange(len(data))
                    kind = dice.randrange(4)
                    if kind == 0:
                        data[at] = dice.randrange(256)
                    elif kind == 1:
                        del data[at:at + dice.randint(1, 40)]
                    elif kind == 2:
                        data[at:at] = data[at:at + dice.randint(1, 80)]
                    else:
                        data[at:at] = dice.choice([b"<", b">", b"\"", b"'", b"\\", b"{", b",", b"0x", b"-1", b"$(", b"\n", b"\xff", b"]]>", b"<!--"])
                self.write("mutant", bytes(data))
                done = self.nyxc("import", "--from", format, "mutant")
                self.assertIn(done.returncode, (0, 1), f"{file.name} round {number}: {done.stderr}")
                if done.returncode == 0:
                    self.write("mutant.ny", done.stdout)
                    self.expect(0, "check", "--syntax-only", "mutant.ny")
                else:
                    self.assertEqual(done.stdout, "")
                    self.assertIn("NY0701", done.stderr)


if __name__ == "__main__":
    harness.main()
