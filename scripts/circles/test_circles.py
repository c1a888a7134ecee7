"""Run: python3 -m unittest discover -s scripts/circles"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from edges import circles, edges  # noqa: E402
from long_files import is_generated, too_long  # noqa: E402
from rust_modules import SourceError, Tree, blanked, leaves, without_tests  # noqa: E402

CHECK = Path(__file__).resolve().parent.parent / "check-circles"


class Folder(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.top = Path(held.name).resolve()

    def write(self, files):
        for name, text in files.items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def circles_of(self, files, root="lib.rs"):
        self.write(files)
        found = circles(edges(Tree(self.top / root)))
        return [[str(file.relative_to(self.top)) for file in circle] for circle in found]


class Circles(Folder):
    def test_two_siblings_that_use_each_other(self):
        files = {"lib.rs": "mod a; mod b;", "a.rs": "use crate::b::B; pub struct A(B);"}
        files["b.rs"] = "pub struct B; fn f() { super::a::g::<B>(); }\n"
        files["a.rs"] += "pub fn g<T>() {}"
        self.assertEqual(self.circles_of(files), [["a.rs", "b.rs"]])

    def test_use_in_one_direction_is_no_circle(self):
        files = {"lib.rs": "mod a; mod b;", "a.rs": "use crate::b::{self, B}; fn f() { b::g(); }"}
        files["b.rs"] = "pub struct B; pub fn g() {}"
        self.assertEqual(self.circles_of(files), [])

    def test_a_re_export_alone_is_not_a_use_by_the_parent(self):
        files = {"lib.rs": "mod a; mod b; pub use a::A;", "a.rs": "pub struct A;"}
        files["b.rs"] = "use crate::A; fn f(a: A) {}"
        self.assertEqual(self.circles_of(files), [])

    def test_a_re_export_counts_where_the_child_uses_the_parent(self):
        files = {"lib.rs": "mod a; pub use a::A; pub struct P;", "a.rs": "pub struct A(crate::P);"}
        self.assertEqual(self.circles_of(files), [["a.rs", "lib.rs"]])

    def test_a_name_is_resolved_through_re_exports_to_its_file(self):
        files = {"lib.rs": "mod m; mod x;", "m/mod.rs": "mod deep; pub use deep::Deep as D;"}
        files["m/deep.rs"] = "pub struct Deep; fn f() { crate::x::g(); }"
        files["x.rs"] = "use crate::m::D; pub fn g() {} fn h(_: D) {}"
        self.assertEqual(self.circles_of(files), [["m/deep.rs", "x.rs"]])

    def test_a_glob_counts_for_the_names_that_occur(self):
        files = {"lib.rs": "mod a; mod b;", "a.rs": "use crate::b::*; pub struct A; fn f(_: B) {}"}
        files["b.rs"] = "use crate::a::A; pub struct B; pub struct C;"
        self.assertEqual(self.circles_of(files), [["a.rs", "b.rs"]])
        self.write({"a.rs": "use crate::b::*; pub struct A;"})
        self.assertEqual(circles(edges(Tree(self.top / "lib.rs"))), [])

    def test_tests_are_left_out(self):
        files = {"lib.rs": "mod a; mod b;\n#[cfg(test)]\nmod tests;", "tests.rs": "use crate::a::A;"}
        files["a.rs"] = "pub struct A;\n#[cfg(test)]\nmod tests { use crate::b::B; }\n"
        files["b.rs"] = "use crate::a::A; pub struct B;"
        self.assertEqual(self.circles_of(files), [])
        self.assertEqual(Tree(self.top / "lib.rs").test_files, {self.top / "tests.rs"})

    def test_modules_inside_a_file_belong_to_it(self):
        files = {"lib.rs": "mod a; mod b;", "a.rs": "pub mod inner { use super::super::b::B; pub struct I; }"}
        files["b.rs"] = "pub struct B; use crate::a::inner::I;"
        self.assertEqual(self.circles_of(files), [["a.rs", "b.rs"]])

    def test_comments_and_strings_are_not_uses(self):
        files = {"lib.rs": "mod a; mod b;", "a.rs": 'pub struct A; // crate::b::B\nconst S: &str = "crate::b::B";'}
        files["b.rs"] = "pub struct B; use crate::a::A;"
        self.assertEqual(self.circles_of(files), [])

    def test_a_missing_module_file_is_an_error(self):
        self.write({"lib.rs": "mod gone;"})
        with self.assertRaises(SourceError):
            Tree(self.top / "lib.rs")


class Text(unittest.TestCase):
    def test_blanking_keeps_length_and_code(self):
        for text, code in [
            ('a("x\\"y") b', "a(      ) b"),
            ("a r#\"q\"u\"# b", "a          b"),
            ("a /* x /* y */ z */ b", "a" + " " * 19 + "b"),
            ("fn f<'a>(c: char) { c == '\"' }", "fn f<'a>(c: char) { c ==     }"),
        ]:
            self.assertEqual(blanked(text), code)

    def test_leaves_of_a_use_tree(self):
        got = set(leaves("crate::{a::{self, B as C}, d::*, E}"))
        want = {(("crate", "a"), "a"), (("crate", "a", "B"), "C"), (("crate", "d"), "*"), (("crate", "E"), "E")}
        self.assertEqual(got, want)

    def test_one_item_is_left_out_after_a_test_attribute(self):
        code, names = without_tests("#[cfg(test)]\n#[path = \"\"]\nmod t { fn x() {} }\nfn kept() {}")
        self.assertEqual((code.strip(), names), ("fn kept() {}", {"t"}))


class Lengths(Folder):
    def test_only_hand_written_files_over_400_lines_are_reported(self):
        self.write({"a.rs": "x\n" * 400, "b.rs": "x\n" * 401, "c.rs": "// @generated\n" + "x\n" * 500})
        self.assertEqual(list(too_long(self.top, ["a.rs", "b.rs", "c.rs"])), [("b.rs", 401)])
        self.assertFalse(is_generated("a.rs", "x\n" * 9 + "// @generated"))


class Command(Folder):
    def run_check(self):
        scripts = self.top / "scripts"
        for source in [CHECK, *CHECK.with_name("circles").glob("*.py")]:
            self.write({f"scripts/{source.relative_to(CHECK.parent)}": source.read_text(encoding="utf-8")})
        subprocess.run(["git", "init", "-q"], cwd=self.top, check=True)
        command = [sys.executable, str(scripts / "check-circles")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_it_fails_when_it_finds_no_source_files(self):
        done = self.run_check()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("could not look", done.stderr)

    def test_it_fails_when_a_file_belongs_to_no_module_tree(self):
        self.write({"src-tauri/src/main.rs": "", "src-tauri/crates/a/src/lib.rs": ""})
        self.assertEqual(self.run_check().returncode, 0)
        self.write({"src-tauri/crates/a/src/alone.rs": ""})
        done = self.run_check()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("alone.rs", done.stderr)

    def test_it_names_the_files_of_a_circle(self):
        self.write({"src-tauri/src/main.rs": "", "src-tauri/crates/a/src/lib.rs": "mod x; mod y;"})
        self.write({"src-tauri/crates/a/src/x.rs": "use crate::y::Y; pub struct X;"})
        self.write({"src-tauri/crates/a/src/y.rs": "use crate::x::X; pub struct Y;"})
        done = self.run_check()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("x.rs uses y.rs: Y", done.stderr)


if __name__ == "__main__":
    unittest.main()
