#!/usr/bin/env python3
"""Golden tests of diagnostics: each .ny file carries what nyxc must say about it, beside the line it is about.

usage: run_diagnostics.py NYXC FOLDER [--update]

  NY0412_ports.ny is a file that must give NY0412 and nothing else; a file with another name may have several mistakes. `#~` comments hold the expectation:
      exit exit { port = 0x3fc }  #~ NY0412@24 two devices claim the same I/O ports
  code@column and message of a diagnostic whose primary span starts in this line, or `label@column` and its text. Helps follow their
  diagnostic as `help …`, of a requirement its notes as well. --update writes what nyxc says now; read the difference before you commit it.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
import images  # noqa: E402

MARK = "  #~ "


def findings(nyxc, source):
    with tempfile.TemporaryDirectory() as folder:
        images.write_all(folder)
        (Path(folder) / source.name).write_text(annotated(source, {}), encoding="utf-8")  # a mark may stand in an open string
        command = "build" if source.name.startswith("NY0901") else "check"  # to check is not to need what this build lacks
        done = subprocess.run([nyxc, command, "--format=json", source.name], cwd=folder, capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1):
        return None, f"status {done.returncode}: {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def marks(all_findings, name):
    """Line number → what stands beside it; findings of other files (stdlib) count for line 1."""
    lines = {}

    def add(place, text):
        here = place.get("file", "").endswith(name)
        lines.setdefault(place["line"] if here else 1, []).append(text if here else text + " [elsewhere]")

    for finding in all_findings:
        add(finding, f"{finding['code']}@{finding.get('column', 0)} {finding['message']}")
        for text in finding["helps"]:
            add(finding, f"help {text}")
        if finding["code"] == "NY0511":  # what the parts of the condition were
            for text in finding["notes"]:
                add(finding, f"note {text}")
        for label in finding["labels"]:
            add(label, f"label@{label.get('column', 0)} {label['text']}")
    return lines


def annotated(source, lines):
    plain = [line.split(MARK)[0] for line in source.read_text(encoding="utf-8").split("\n")]
    return "\n".join(line + "".join(MARK + mark for mark in lines.get(number, [])) for number, line in enumerate(plain, 1))


def main():
    nyxc, folder, update = sys.argv[1], Path(sys.argv[2]), "--update" in sys.argv
    failed = 0
    sources = sorted(folder.glob("*.ny"))
    for source in sources:
        all_findings, problem = findings(nyxc, source)
        code = source.name[:6]
        if all_findings is not None and code.startswith("NY") and code not in [f["code"] for f in all_findings]:
            problem = f"nyxc does not report {code}"
        others = sorted({f["code"] for f in all_findings or []} - {code})
        if code.startswith("NY") and others:
            problem = f"nyxc reports {', '.join(others)} as well"
        expected = source.read_text(encoding="utf-8")
        found = annotated(source, marks(all_findings or [], source.name))
        if update and not problem and found != expected:
            source.write_text(found, encoding="utf-8")
            print(f"updated {source.name}")
        elif problem or found != expected:
            failed += 1
            print(f"FAILED {source.name} {problem}")
            for line, now in zip(expected.split("\n"), found.split("\n")):
                if line != now:
                    print(f"  expected {line}\n  found    {now}")
    print(f"{len(sources)} files, {failed} failed")
    return 1 if failed or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
