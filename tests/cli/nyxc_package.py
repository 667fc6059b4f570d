"""nyx.yaml, nyx.lock.yaml and nyxc package: what resolves, what is refused, and that a build neither runs git nor trusts the cache."""
import json
import os
import shutil
import subprocess

import harness
import nyxc_lsp

GIT = shutil.which("git")
IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]


class Package(harness.NyxcTest):
    def setUp(self):
        super().setUp()
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "GIT_CONFIG_GLOBAL": "/dev/null"}

    def nyxc(self, *arguments, **options):
        return super().nyxc(*arguments, env=options.pop("env", self.environment), **options)

    def put(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def package(self, folder, name, dependencies="", **files):
        self.put(f"{folder}/nyx.yaml", f"name: {name}\nversion: 1.0.0\ndependencies:\n{dependencies}")
        for stem, text in files.items():
            self.put(f"{folder}/{stem}.ny", text)

    def git(self, folder, *arguments):
        done = subprocess.run(["git", *IDENTITY, *arguments], cwd=self.folder / folder, capture_output=True, text=True, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def repository(self, folder, name, dependencies="", **files):
        """A package in git; its address and commit."""
        self.package(folder, name, dependencies, **files)
        self.git(folder, "init", "-q")
        return self.commit(folder)

    def commit(self, folder):
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "-q", "-m", "x")
        return f"file://{self.folder}/{folder}", self.git(folder, "rev-parse", "HEAD")

    def asks(self, name, address, rev):
        return f"  {name}: {{ git: \"{address}\", rev: {rev} }}\n"

    def findings(self, *arguments, status=1):
        done = self.nyxc(*arguments, "--format=json")
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def one(self, code, *arguments):
        found = self.findings(*arguments)
        self.assertEqual([f["code"] for f in found], [code], found)
        return found[0]

    def test_by_path(self):
        self.package("common", "common", common="fn twice(x: int) -> int { return x * 2 }\n", sizes="const SMALL = 64 MiB\n")
        self.put("common/sub/deep.ny", "import common.sizes\nfn cpus() -> int { return 2 }\n")
        self.package("shop", "shop", "  common: { path: ../common }\n",
                     machine='import common\nimport common.sub.deep\nfrom common.sizes import SMALL\nmachine web { memory = SMALL; cpus = deep.cpus(); boot = pvh(image: "../probe.elf") }\n')
        self.put("shop/parts/other.ny", "import common.sizes\nx = sizes.SMALL\n")
        self.expect(0, "check", "shop/machine.ny", "shop/parts/other.ny")
        self.assertIn('"memory": "64 MiB"', self.expect(0, "emit", "json", "shop/machine.ny").stdout)
        self.expect(0, "check", "machine.ny", folder=self.folder / "shop")
        self.expect(0, "check", "other.ny", folder=self.folder / "shop/parts")
        self.expect(0, "package", "verify", "shop")

    def test_add_writes_one_line_and_locks(self):
        self.package("common", "common", common="const SMALL = 64 MiB\n")
        address, rev = self.repository("boards", "boards", pc="const LARGE = 1 GiB\n")
        self.put("shop/nyx.yaml", "# ours\nname: shop\nversion: 1.0.0  # now\ndependencies:\n  # theirs\n  common:\n    path: ../common  # beside\n# end\n")
        self.expect(0, "package", "add", address, "shop")
        self.assertEqual((self.folder / "shop/nyx.yaml").read_text(),
                         "# ours\nname: shop\nversion: 1.0.0  # now\ndependencies:\n  # theirs\n  common:\n    path: ../common  # beside\n"
                         f"  boards: {{ git: \"{address}\", rev: {rev} }}\n# end\n")
        self.assertIn(rev, (self.folder / "shop/nyx.lock.yaml").read_text())
        self.put("shop/machine.ny", "import boards.pc\nprint(pc.LARGE)\n")
        self.expect(0, "check", "shop/machine.ny")

    def test_add_finds_the_place_in_any_style(self):
        self.package("common", "common", common="const SMALL = 64 MiB\n")
        entry = 'common: { path: "../common" }'
        for before, after in {
                "name: shop\nversion: 1.0.0": f"name: shop\nversion: 1.0.0\ndependencies:\n  {entry}\n",
                "name: shop\nversion: 1.0.0\ndependencies:\n": f"name: shop\nversion: 1.0.0\ndependencies:\n  {entry}\n",
                "name: shop\r\ndependencies: {}\r\nversion: 1.0.0\r\n": f"name: shop\r\ndependencies: {{ {entry} }}\r\nversion: 1.0.0\r\n"}.items():
            with self.subTest(before):
                (self.folder / "shop").mkdir(exist_ok=True)
                (self.folder / "shop/nyx.yaml").write_bytes(before.encode())
                self.expect(0, "package", "add", "common", "shop")
                self.assertEqual((self.folder / "shop/nyx.yaml").read_bytes().decode(), after)

    def test_add_refused_leaves_both_files(self):
        self.package("common", "common", "  shop: { path: ../shop }\n")
        self.package("shop", "shop")
        before = (self.folder / "shop/nyx.yaml").read_bytes()
        for place in ("common", "nowhere", "http://example.org/x.git"):
            self.assertNotEqual(self.nyxc("package", "add", place, "shop").returncode, 0, place)
            self.assertEqual((self.folder / "shop/nyx.yaml").read_bytes(), before)
            self.assertFalse((self.folder / "shop/nyx.lock.yaml").exists())

    def test_the_language_server_resolves_alike(self):
        self.package("common", "common", sizes="const SMALL = 64 MiB\n")
        self.package("shop", "shop", "  common: { path: ../common }\n")
        server = nyxc_lsp.Server(self.folder)
        self.addCleanup(server.close)
        server.send("initialize", {"capabilities": {}}, 1)
        for name, text, codes in (("a", "import common.sizes\nx = sizes.SMALL\n", []), ("b", "import common.nothing\n", ["NY0202"])):
            uri = (self.folder / f"shop/{name}.ny").as_uri()
            server.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "nyx", "version": 1, "text": text}})
            told = server.read_until(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri)
            self.assertEqual([d["code"] for d in told["params"]["diagnostics"]], codes)

    def test_a_package_sees_only_what_it_names(self):
        self.package("common", "common", sizes="x = 1\n")
        self.package("tools", "tools", tools="import common.sizes\n")
        self.package("shop", "shop", "  common: { path: ../common }\n  tools: { path: ../tools }\n", a="import tools\n", b="import common.nothing\n")
        self.assertEqual(self.one("NY0202", "check", "shop/a.ny")["file"], "shop/../tools/tools.ny".replace("shop/../", ""))
        self.assertIn("common/nothing.ny", " ".join(self.one("NY0202", "check", "shop/b.ny")["notes"]))

    def test_missing_circle_and_conflict_show_their_places(self):
        self.package("shop", "shop", "  gone: { path: ../gone }\n", a="import gone.x\nimport gone\n")
        found = self.one("NY0711", "check", "shop/a.ny")
        self.assertEqual((found["file"], found["line"], found["column"]), ("shop/nyx.yaml", 4, 17))
        self.package("gone", "other")
        found = self.one("NY0711", "check", "shop/a.ny")
        self.assertIn("`other`, not `gone`", found["message"])
        self.assertEqual([label["text"] for label in found["labels"]], ["it says its name here"])
        self.package("a", "a", "  b: { path: ../b }\n", a="x = 1\n")
        self.package("b", "b", "  c: { path: ../c }\n")
        self.package("c", "c", "  a: { path: ../a }\n")
        found = self.one("NY0713", "check", "a/a.ny")
        self.assertIn("a -> b -> c -> a", found["notes"][0])
        self.assertEqual([label["text"] for label in found["labels"]], ["`b` is asked for here", "`c` is asked for here"])
        self.package("one/common", "common")
        self.package("two/common", "common")
        self.package("left", "left", "  common: { path: ../one/common }\n")
        self.package("right", "right", "  common: { path: ../two/common }\n")
        self.package("top", "top", "  left: { path: ../left }\n  right: { path: ../right }\n", a="x = 1\n")
        found = self.one("NY0714", "check", "top/a.ny")
        self.assertIn("right/nyx.yaml", found["file"])
        self.assertIn("left/nyx.yaml", found["labels"][0]["file"])

    def test_mistakes_in_package_files(self):
        self.put("p/a.ny", "import x.y\n")
        good = "name: p\nversion: 1.0.0\n"
        rev = "0" * 40
        deep = "[" * 100
        for text, place, said in [
            ("", (1, 1), "map"), ("- a\n", (1, 1), "map"), ("name: [\n", None, "YAML"), (good + "nmae: x\n", (3, 1), "no `nmae`"),
            (good + "name: q\n", (3, 1), "twice"), ("name: p\n", (1, 1), "version"), ("name: Std-1\nversion: 1.0.0\n", (1, 7), "cannot be the name"),
            ("name: std\nversion: 1.0.0\n", (1, 7), "taken"), ("name: p\nversion: new\n", (2, 10), "three numbers"), (good + "nyx: '>=99.0.0'\n", (3, 6), "needs nyxc"),
            (good + "dependencies: [a]\n", (3, 1), "a map"), (good + "dependencies:\n  x: 1\n", (4, 3), "`path`"),
            (good + f"dependencies:\n  x: {{ path: a, git: 'https://h/x', rev: {rev} }}\n", (4, 3), "`path`"),
            (good + "dependencies:\n  x: { git: 'https://h/x', rev: main }\n", (4, 33), "full digest"),
            (good + f"dependencies:\n  x: {{ git: '--upload-pack=touch x', rev: {rev} }}\n", (4, 3), "begins with https"),
            (good + f"dependencies:\n  x: {{ git: 'ssh://-oProxyCommand=x/y', rev: {rev} }}\n", (4, 3), "dash"),
            (good + f"dependencies:\n  x: {{ git: 'ext::sh -c x', rev: {rev} }}\n", (4, 3), "begins with https"),
            (good + f"dependencies:\n  x: {{ git: 'http://h/x', rev: {rev} }}\n", (4, 3), "begins with https"),
            (good + "a: &a [1]\nb: *a\n", (3, 4), "anchors"), (good + "a: !!python/object x\n", None, "tags"), (good + f"a: {deep}\n", None, ""),
            (good + "---\nname: q\n", None, "one document"),
        ]:
            self.put("p/nyx.yaml", text)
            with self.subTest(text=text):
                found = self.findings("check", "p/a.ny")
                self.assertEqual({f["code"] for f in found}, {"NY0710"}, found)
                self.assertIn(said, " ".join([found[0]["message"], *found[0]["notes"]]))
                if place:
                    self.assertEqual((found[0]["line"], found[0]["column"]), place)

    def test_commands(self):
        self.assertIn("nyx.yaml", self.expect(3, "package", "verify").stderr)
        self.expect(3, "package", "verify", "none")
        self.expect(2, "package", "bake")
        self.package("shop", "shop")
        self.assertIn("nyxc package lock", self.expect(3, "package", "fetch", "shop").stderr)
        self.expect(0, "package", "lock", "shop")
        self.expect(0, "package", "fetch", "shop")
        self.put("shop/nyx.lock.yaml", "format: 2\n")
        self.one("NY0710", "package", "verify", "shop")

    @harness.unittest.skipIf(GIT is None, "no git")
    def test_from_git(self):
        base = self.repository("base", "base", sizes="const SMALL = 64 MiB\n")
        boards = self.repository("boards", "boards", self.asks("base", *base), pc="import base.sizes\nfn memory() -> any { return sizes.SMALL }\n",
                                 boards='import "../../../../shop/secret.ny"\n')
        self.package("shop", "shop", self.asks("boards", *boards), secret="y = 1\n", b="import boards\n", c="import base.sizes\n",
                     a='import boards.pc\nmachine web { memory = pc.memory(); boot = pvh(image: "../probe.elf") }\n')
        self.assertIn("nyxc package lock", self.one("NY0711", "check", "shop/a.ny")["helps"][0])
        self.expect(0, "package", "lock", "shop")
        lock = (self.folder / "shop/nyx.lock.yaml").read_text()
        self.assertIn(boards[1], lock)
        self.assertIn(base[1], lock)
        # No build runs git: without one, all is as before.
        offline = {**self.environment, "PATH": "/nonexistent"}
        self.expect(0, "check", "shop/a.ny", env=offline)
        self.expect(0, "build", "shop/a.ny", env=offline)
        self.assertIn('"package:boards/pc.ny"', (self.folder / "shop/a.lock").read_text())
        first = (self.folder / "shop/a.nyxb").read_bytes()
        self.assertIn("NY0202", [f["code"] for f in self.findings("check", "shop/b.ny")])  # a package reaches no file beside it
        self.one("NY0202", "check", "shop/c.ny")  # base is no dependency of shop
        # The lock is stable, and the cache can be made anew from it: the same bundle, elsewhere too.
        self.expect(0, "package", "lock", "shop")
        self.assertEqual((self.folder / "shop/nyx.lock.yaml").read_text(), lock)
        shutil.rmtree(self.folder / "cache")
        self.assertIn("nyxc package fetch", self.one("NY0711", "check", "shop/a.ny")["helps"][0])
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "other")
        self.expect(0, "package", "fetch", "shop")
        self.expect(0, "build", "shop/a.ny")
        self.assertEqual((self.folder / "shop/a.nyxb").read_bytes(), first)
        self.assertEqual([p.name for p in (self.folder / "other/nyx/packages").iterdir() if p.name.startswith(".")], [])

    @harness.unittest.skipIf(GIT is None, "no git")
    def test_what_changed_is_refused(self):
        boards = self.repository("boards", "boards", pc="x = 1\n")
        self.package("shop", "shop", self.asks("boards", *boards), a="import boards.pc\n")
        self.expect(0, "package", "lock", "shop")
        cached = next((self.folder / "cache/nyx/packages").glob("*/pc.ny"))
        cached.write_text("x = 2\n")
        found = self.one("NY0712", "check", "shop/a.ny")
        self.assertEqual(found["file"], "shop/nyx.yaml")
        self.one("NY0712", "package", "verify", "shop")
        self.expect(0, "package", "fetch", "shop")
        self.expect(0, "check", "shop/a.ny")
        os.symlink("/etc/passwd", cached.parent / "link.ny")
        self.one("NY0712", "check", "shop/a.ny")
        self.put("boards/pc.ny", "x = 3\n")
        newer = self.commit("boards")
        self.package("shop", "shop", self.asks("boards", *newer))
        self.one("NY0711", "check", "shop/a.ny")
        # A lock file that lies about the content
        self.expect(0, "package", "lock", "shop")
        lock = self.folder / "shop/nyx.lock.yaml"
        text = lock.read_text()
        content = text.split('content: "')[1][:64]
        lock.write_text(text.replace(content, "ab" * 32))
        self.assertIn("NY0712", [f["code"] for f in self.findings("package", "fetch", "shop")])

    @harness.unittest.skipIf(GIT is None, "no git")
    def test_hostile_repositories(self):
        def refused(said, commit):
            self.package("shop", "shop", self.asks("evil", *commit), a="x = 1\n")
            found = self.one("NY0711", "package", "lock", "shop")
            self.assertIn(said, found["message"])
            self.assertFalse((self.folder / "shop/nyx.lock.yaml").exists())
            cache = self.folder / "cache/nyx/packages"
            self.assertEqual(list(cache.iterdir()) if cache.exists() else [], [])

        evil = self.repository("evil", "evil", pc="x = 1\n")
        os.symlink("/etc/passwd", self.folder / "evil/link.ny")
        refused("link.ny is a link", self.commit("evil"))
        os.unlink(self.folder / "evil/link.ny")
        self.git("evil", "add", "-A")
        self.git("evil", "update-index", "--add", "--cacheinfo", f"160000,{evil[1]},sub")
        self.git("evil", "commit", "-q", "-m", "sub")
        refused("submodule", (evil[0], self.git("evil", "rev-parse", "HEAD")))
        refused("evil", (evil[0], "0" * 40))
        refused("evil", (f"file://{self.folder}/none", evil[1]))
        # Hooks and filters of the repository do not run.
        self.git("evil", "rm", "-q", "--cached", "sub")
        self.put("evil/.gitattributes", "*.ny filter=touch\n")
        self.git("evil", "config", "filter.touch.smudge", f"touch {self.folder}/ran; cat")
        for hook in ("post-checkout", "pre-receive", "post-update", "reference-transaction"):
            self.put(f"evil/.git/hooks/{hook}", f"#!/bin/sh\ntouch {self.folder}/ran\n")
            os.chmod(self.folder / f"evil/.git/hooks/{hook}", 0o755)
        self.git("evil", "add", "-A")
        (self.folder / "ran").unlink(missing_ok=True)
        tree = self.git("evil", "write-tree")
        commit = self.git("evil", "commit-tree", "-m", "x", tree)
        subprocess.run(["git", "-c", "core.hooksPath=/dev/null", "branch", "fine", commit], cwd=self.folder / "evil", check=True)
        self.package("shop", "shop", self.asks("evil", evil[0], commit), a="import evil.pc\n")
        self.expect(0, "package", "lock", "shop")
        self.expect(0, "check", "shop/a.ny")
        self.assertFalse((self.folder / "ran").exists())


if __name__ == "__main__":
    harness.main()
