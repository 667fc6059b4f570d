"""nyxc doc: every link resolves, every public symbol has its page, nothing of a source becomes markup, equal bytes."""
import html.parser
import re
import shutil
from pathlib import Path

import harness

ROOT = Path(__file__).resolve().parent.parent.parent
VOID = {"meta", "link", "input", "br"}
FLEET = '''"""A fleet, with <b>bold</b> ideas & `code`."""
import std.boards.pc

const LIMIT = 4 GiB
_private = 1

typealias Id = int

fn double(x: int, by: float = 2.0) -> int {
    """Doubles. <script>alert(1)</script>

    - first
    - second `LIMIT`

    ```nyx
    y = double(3)  # "six" </code><script>
    ```
    """
    return x * 2
}

class Watch extends Base {
    """Watches `double`."""
    name: string = "a<b" """Its name."""
    _secret = 2

    fn look(self, at: Watch) -> bool {
        """Looks."""
        return true
    }
    fn _hidden(self) { }
}
class Base { }

module inner {
    fn nested() { }
}

machine web {
    """Front end."""
    memory = 2 GiB
    boot = linux(kernel: "</pre><script>x")
    serial com1 { """The console.""" }
}
machine staging : web { memory = 1 GiB }
'''


class Page(html.parser.HTMLParser):
    """Links, ids and texts of a page; tags must nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.ids, self.open, self.problems, self.text, self.tags = [], [], [], [], "", []
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        for name in ("href", "src"):
            if name in found:
                self.links.append(found[name])
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        self.text += data


class Doc(harness.NyxcTest):
    def site(self, *arguments):
        self.expect(0, "doc", *arguments, "-o", "out")
        return {p.relative_to(self.folder / "out").as_posix(): Page(p.read_text()) for p in sorted((self.folder / "out").rglob("*.html"))}

    def sound(self, pages):
        folder = self.folder / "out"
        for path, page in pages.items():
            self.assertEqual(page.problems, [], path)
            self.assertEqual(len(page.ids), len(set(page.ids)), f"{path}: an id stands twice")
            self.assertEqual([tag for tag, _ in page.tags].count("h1"), 1, path)
            self.assertEqual([tag for tag, _ in page.tags].count("script"), 1, path)
            for link in page.links:
                self.assertNotRegex(link, r"^(\w+:|//|/)", f"{path}: {link} is outside")
                target, _, anchor = link.partition("#")
                found = (folder / path).parent / target if target else folder / path
                self.assertTrue(found.resolve().is_file(), f"{path}: {link} leads nowhere")
                if anchor:
                    here = pages[found.resolve().relative_to(folder.resolve()).as_posix()]
                    self.assertIn(anchor, here.ids, f"{path}: {link}")

    def test_library_is_whole(self):
        pages = self.site("--stdlib")
        self.sound(pages)
        for file in sorted((ROOT / "stdlib").rglob("*.ny")):
            text = file.read_text()
            name = ".".join(file.relative_to(ROOT / "stdlib").with_suffix("").parts)
            module = next(m for m in (name, "std." + name) if f"module/{m}.html" in pages)
            for kind, symbol in re.findall(r"^(fn|class|machine|schema|const) ([A-Za-z]\w*)", text, re.M):
                if kind == "const":
                    self.assertIn(symbol, pages[f"module/{module}.html"].ids)
                    continue
                folders = {"fn": ["function"], "schema": ["device", "schema"]}.get(kind, [kind])
                self.assertTrue(any(f"{folder}/{module}.{symbol}.html" in pages for folder in folders), f"{kind} {symbol} of {module} has no page")
        for name in re.findall(r'^NYX_BUILTIN\("(\w+)"', (ROOT / "compiler/analyze/builtins.def").read_text(), re.M):
            self.assertIn(f"builtin/{name}.html", pages)

    def test_fields_have_type_range_default_and_text(self):
        pages = self.site("--stdlib")
        serial = " ".join(pages["device/std.devices.serial.serial.html"].text.split())
        for part in ("8 ports", "auto([0x3f8, 0x2f8, 0x3e8, 0x2e8])", "First of its eight ports", "serial serial { }"):
            self.assertIn(part, serial)
        machine = " ".join(pages["schema/std.machine.machine.html"].text.split())
        for part in ("from 4 KiB to 256 TiB", "128 MiB", "must be set", "or null", "from 1 to 1024"):
            self.assertIn(part, machine)
        self.assertIn("../schema/std.boot.linux.html", pages["schema/std.boot.boot.html"].links)

    def test_project(self):
        self.write("fleet.ny", FLEET)
        pages = self.site("fleet.ny")
        self.sound(pages)
        for path in ("module/fleet.html", "function/fleet.double.html", "class/fleet.Watch.html", "function/fleet.inner.nested.html", "machine/fleet.web.html", "machine/fleet.staging.html"):
            self.assertIn(path, pages)
        self.assertFalse([p for p in pages if "_hidden" in p or "_private" in p])
        watch = pages["class/fleet.Watch.html"]
        self.assertIn("look", watch.ids)
        self.assertNotIn("_secret", watch.text)
        for link in ("../function/fleet.double.html", "../class/fleet.Base.html"):
            self.assertIn(link, watch.links)
        self.assertIn("../module/fleet.html#LIMIT", pages["function/fleet.double.html"].links)
        self.assertIn("../device/std.devices.serial.serial.html", pages["machine/fleet.web.html"].links)
        self.assertIn("../machine/fleet.web.html", pages["machine/fleet.staging.html"].links)
        self.assertIn("RAM, in whole 4 KiB pages", pages["machine/fleet.web.html"].text)

    def test_nothing_of_a_source_is_markup(self):
        self.write("fleet.ny", FLEET)
        pages = self.site("fleet.ny")
        self.assertIn("<script>alert(1)</script>", pages["function/fleet.double.html"].text)
        self.assertIn("</pre><script>x", pages["machine/fleet.web.html"].text)
        self.assertNotIn("b", [tag for tag, _ in pages["module/fleet.html"].tags])
        self.assertNotIn("<", (self.folder / "out/search.js").read_text().split("];")[0])

    def test_folder_and_equal_bytes(self):
        (self.folder / "src/parts").mkdir(parents=True)
        self.write("src/fleet.ny", FLEET)
        self.write("src/parts/a b.ny", "fn f() { }\n")
        pages = self.site("src")
        self.sound(pages)
        self.assertIn("function/parts.a~20b.f.html", pages)
        first = {p: p.read_bytes() for p in (self.folder / "out").rglob("*") if p.is_file()}
        shutil.rmtree(self.folder / "out")
        self.site("src")
        self.assertEqual(first, {p: p.read_bytes() for p in (self.folder / "out").rglob("*") if p.is_file()})

    def test_mistakes_write_nothing(self):
        self.write("bad.ny", "machine web { memory = = 3 }\n")
        self.assertIn("NY0101", self.expect(1, "doc", "bad.ny", "-o", "out").stderr)
        self.assertFalse((self.folder / "out").exists())
        for wrong in (["-o", "out"], ["fleet.ny", "--stdlib", "-o", "out"], ["folder", "-o", "out"], ["probe.elf", "-o", "out"]):
            self.expect(2, "doc", *wrong)
        self.expect(3, "doc", "none.ny", "-o", "out")
        self.expect(3, "doc", "--stdlib", "-o", "probe.elf")

    def test_pages_are_accessible(self):
        pages = self.site("--stdlib")
        for path, page in pages.items():
            tags = dict((tag, found) for tag, found in page.tags)
            self.assertEqual(tags["html"]["lang"], "en")
            self.assertIn("width=device-width", [found.get("content") for tag, found in page.tags if tag == "meta"][1])
            self.assertIn(("label", {"for": "q"}), page.tags)
            for tag, found in page.tags:
                if tag == "th":
                    self.assertIn(found.get("scope"), ("col", "row"), path)


if __name__ == "__main__":
    harness.main()
