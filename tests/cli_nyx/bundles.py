#!/usr/bin/env python3
"""A bundle that is damaged, cut short or too new is refused: status 3, the reason on stderr, nothing on stdout. nyx reads the bundle
before it opens KVM, so these run everywhere."""
import struct
import unittest

import harness

FORMAT_AT = 8  # docs/bundle.md: u32, after the magic number
HEADER = 64
DAMAGE = r"is damaged|digest|not a Nyx bundle|newer nyxc|truncated|follow the end|sections cannot be|padding before section"


class Bundles(harness.NyxTest):
    def refused(self, content, reason):
        (self.folder / "bad.nyxb").write_bytes(content)
        done = self.nyx(3, "run", "bad.nyxb")
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"^nyx: .*bad\.nyxb")
        self.assertRegex(done.stderr, reason)
        self.assertIn("nyxc", done.stderr.splitlines()[1], "no second line that says what to do")

    def setUp(self):
        super().setUp()
        self.good = (self.folder / self.bundle()).read_bytes()

    def test_cut_short_anywhere(self):
        size = len(self.good)
        for kept in (0, 1, 7, 8, HEADER - 1, HEADER, HEADER + 79, size // 2, size - 1):
            with self.subTest(kept=kept):
                self.refused(self.good[:kept], "empty" if kept == 0 else "truncated")

    def test_one_bit_flipped_anywhere(self):
        # Padding between sections too: a bundle has one form, byte for byte.
        for at in [*range(0, HEADER, 5), *range(HEADER, len(self.good), max(1, len(self.good) // 40))]:
            with self.subTest(at=at):
                flipped = bytearray(self.good)
                flipped[at] ^= 1 << (at % 8)
                self.refused(bytes(flipped), DAMAGE)

    def test_newer_format(self):
        (now,) = struct.unpack_from("<I", self.good, FORMAT_AT)
        newer = bytearray(self.good)
        struct.pack_into("<I", newer, FORMAT_AT, now + 1)
        self.refused(bytes(newer), rf"(?s)built by a newer nyxc \(format {now + 1}, .*update nyx")

    def test_not_a_bundle(self):
        self.refused(b"#!/bin/sh\n" * 100, "not a Nyx bundle")
        self.refused(self.good + b"more", "4 bytes follow the end")

    def test_no_file_and_a_folder(self):
        self.assertIn("nothing.nyxb", self.nyx(3, "run", "nothing.nyxb").stderr)
        (self.folder / "folder.nyxb").mkdir()
        self.assertIn("folder.nyxb", self.nyx(3, "run", "folder.nyxb").stderr)


if __name__ == "__main__":
    harness.main()
