"""The proof of fixes: nyxc with a fix in the text.

A fix is good when the text with it no longer has the finding that offered it, has no finding of a code that was not there, and is laid out as
`nyxc fmt` does where the text was. A fix that has placeholders is a shape to fill in: it need only be one that can be put into the text.
"""
import collections
import json
import re
import subprocess
import tempfile
from pathlib import Path

import images


def offset(text, line, column):
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[:line - 1]) + column - 1


def with_fix(text, fix):
    edits = [(offset(text, e["line"], e["column"]), offset(text, e["end_line"], e["end_column"]), e["replacement"]) for e in fix["edits"]]
    for begin, end, replacement in sorted(edits, reverse=True):
        text = text[:begin] + replacement + text[end:]
    return text


def check(nyxc, sources):
    """For each (text, other files) its findings, and the text as nyxc fmt leaves it; all in one run."""
    if not sources:
        return []
    with tempfile.TemporaryDirectory() as root:
        for number, (text, others) in enumerate(sources):
            folder = Path(root) / str(number)
            folder.mkdir()
            images.write_all(folder)
            for name, content in {"case.ny": text, **others}.items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(content, encoding="utf-8", newline="")
        names = [f"{number}/case.ny" for number in range(len(sources))]
        done = subprocess.run([nyxc, "check", "--format=json", *names], cwd=root, capture_output=True, text=True, timeout=300)
        subprocess.run([nyxc, "fmt", *names], cwd=root, capture_output=True, timeout=300)
        formatted = [(Path(root) / name).read_text(encoding="utf-8") for name in names]
    if done.returncode not in (0, 1):
        raise RuntimeError(f"nyxc: status {done.returncode}\n{done.stderr}")
    found = [[] for _ in sources]
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        number = finding.get("file", "").split("/")[0]
        if number.isdigit():
            found[int(number)].append(finding)
        else:  # in stdlib, which is never to blame
            raise RuntimeError(f"a finding outside of the texts: {line}")
    return list(zip(found, formatted))


def without_columns(text):
    """What is set below each other may move when a name changes: `nyxc check --fix` has the file formatted where it was."""
    return re.sub(r"(?<=\S) +(=|#|\{)", r" \1", text)


def codes(findings):
    return collections.Counter(finding["code"] for finding in findings)


def prove(nyxc, sources):
    """sources: (title, text, other files). Returns what is not proved, and how many fixes each code offered."""
    offers, unproved = [], []
    offered = collections.Counter()
    for (title, text, others), (findings, _) in zip(sources, check(nyxc, [source[1:] for source in sources])):
        for finding in findings:
            for fix in finding["fixes"]:
                offered[finding["code"]] += 1
                elsewhere = any(not edit.get("file", "").endswith("case.ny") for edit in fix["edits"])
                if not elsewhere:
                    offers.append((title, text, others, findings, finding, fix))
    fixed = [with_fix(text, fix) for _, text, _, _, _, fix in offers]
    results = check(nyxc, [(text, offer[2]) for text, offer in zip(fixed, offers)])
    for (title, text, _, before, finding, fix), after_text, (after, formatted) in zip(offers, fixed, results):
        name = f"FIX {title}: {finding['code']} `{fix['title']}` ({fix['applicability']})"
        if after_text == text:
            unproved.append(f"{name} changes nothing")
        if fix["applicability"] == "has-placeholders":
            continue
        was, now = codes(before), codes(after)
        syntax = finding["code"] < "NY0200"
        if now[finding["code"]] >= was[finding["code"]]:
            unproved.append(f"{name} leaves {finding['code']}\n{after_text}")
        new = {code for code in now - was if not (syntax and code >= "NY0200" and len(before) > 1)}
        if new:
            unproved.append(f"{name} brings {', '.join(sorted(new))}\n{after_text}")
        if without_columns(formatted) != without_columns(after_text):
            unproved.append(f"{name} is not laid out as nyxc fmt does\n{after_text}")
    return unproved, offered

