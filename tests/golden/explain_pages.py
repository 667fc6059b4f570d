#!/usr/bin/env python3
"""The explain pages tell the truth: every diagnostic has one, its first example triggers the code and no other, and its last one, the mended one, does not.

usage: explain_pages.py NYXC SOURCE_DIR
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
import images  # noqa: E402

# Nothing that can be written in a .ny file of this build triggers these.
WITHOUT_EXAMPLE = {"NY0001", "NY0008", "NY0104", "NY0109", "NY0210", "NY0413", "NY0414", "NY0418", "NY0513", "NY0515", "NY0610", "NY0701", "NY0702", "NY0710", "NY0711",
                   "NY0712", "NY0713", "NY0714", "NY0809"}


# Codes that no golden can give, and the test that holds each instead.
ELSEWHERE = {
    "NY0001": "tests/unit/compiler/syntax/mistakes_test.cc",
    "NY0008": "tests/cli/nyxc_robustness.py",
    "NY0109": "tests/cli/nyxc_robustness.py",
    "NY0413": "tests/unit/compiler/place/resources_test.cc",
    "NY0414": "tests/unit/compiler/place/resources_test.cc",
    "NY0418": "tests/unit/compiler/place/resources_test.cc",
    "NY0513": "tests/unit/compiler/check/check_test.cc",
    "NY0515": "tests/unit/compiler/check/deprecation_test.cc",
    "NY0610": "tests/cli/nyxc_build.py",
    "NY0701": "tests/cli/nyxc_import.py",
    "NY0702": "tests/cli/nyxc_import.py",
    "NY0710": "tests/cli/nyxc_package.py",
    "NY0711": "tests/cli/nyxc_package.py",
    "NY0712": "tests/cli/nyxc_package.py",
    "NY0713": "tests/cli/nyxc_package.py",
    "NY0714": "tests/cli/nyxc_package.py",
    "NY0809": "tests/cli/nyxc_devices.py",
}


def held(root, code, name):
    if code in ELSEWHERE:
        text = (root / ELSEWHERE[code]).read_text()
        return code in text or name in text
    return any((root / "tests/golden/diagnostics").glob(f"{code}_*.ny"))


def codes_of(nyxc, text, command="check"):
    with tempfile.TemporaryDirectory() as folder:
        images.write_all(folder)
        (Path(folder) / "machine.ny").write_text(text, encoding="utf-8")
        done = subprocess.run([nyxc, command, "--format=json", "machine.ny"], cwd=folder, capture_output=True, text=True, timeout=60)
    return [json.loads(line)["code"] for line in done.stdout.splitlines()]


def problems(nyxc, root):
    kinds = (root / "compiler/diagnostics/kinds.def").read_text()
    for number, name, title in re.findall(r'^NYX_DIAGNOSTIC\((\d+), (\w+), \w+, "([^"]+)"\)', kinds, re.M):
        code = f"NY{number}"
        if not held(root, code, name):
            yield f"{code}: no test gives it"
        page = root / f"docs/diagnostics/{code}.md"
        if not page.exists():
            yield f"{code}: no page {page.relative_to(root)}"
            continue
        text = page.read_text(encoding="utf-8")
        if not text.startswith(f"# {code}: {title}\n"):
            yield f"{code}: the page does not begin with '# {code}: {title}'"
        if subprocess.run([nyxc, "explain", code], capture_output=True, text=True).stdout != text:
            yield f"{code}: nyxc explain prints something else than the page"
        examples = re.findall(r"```nyx\n(.*?)```", text, re.S)
        if not examples and code not in WITHOUT_EXAMPLE:
            yield f"{code}: no example"
        command = "build" if code == "NY0901" else "check"  # to check is not to need what this build lacks
        if examples and set(codes_of(nyxc, examples[0], command)) != {code}:
            yield f"{code}: the example gives {codes_of(nyxc, examples[0], command)}"
        if len(examples) > 1 and codes_of(nyxc, examples[-1]):
            yield f"{code}: the mended example gives {codes_of(nyxc, examples[-1])}"


def main():
    found = list(problems(sys.argv[1], Path(sys.argv[2])))
    print("\n".join(found) if found else "every page is true")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
