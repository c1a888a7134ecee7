"""Reads the module trees of a Rust crate: which file defines which name, and which names a file uses.

It reads text, not compiled code. It knows `mod`, `use` with groups, aliases and globs, `crate::`, `self::`, `super::`
and paths that begin with a child module or an imported name. It leaves out whatever is under `#[cfg(test)]`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

ITEM = re.compile(
    r"(?:pub(?:\s*\([^)]*\))?\s+)?(?:(?:unsafe|async|const|extern)\s+)*"
    r"(?:fn|struct|enum|union|trait|type|const|static)\s+(?:mut\s+)?([A-Za-z_]\w*)"
)
MACRO = re.compile(r"macro_rules!\s*([A-Za-z_]\w*)")
MOD = re.compile(r"(?:pub(?:\s*\([^)]*\))?\s+)?mod\s+([A-Za-z_]\w*)\s*([;{])")
USE = re.compile(r"(pub(?:\s*\([^)]*\))?\s+)?use\s+([^;]*);")
PATH_ATTRIBUTE = re.compile(r'#\[path\s*=\s*"([^"]*)"\]')
TEST_ATTRIBUTE = re.compile(r"#\[cfg\(\s*(?:test|all\([^\]]*\btest\b[^\]]*\))\s*\)\]")
PATH = re.compile(r"(?<![\w:])(?:::)?([A-Za-z_]\w*(?:\s*::\s*[A-Za-z_]\w*)+)")
WORD = re.compile(r"[A-Za-z_]\w*")
RAW_STRING = re.compile(r'b?r(#*)"')
CHARACTER = re.compile(r"b?'(\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]+\}|.)|[^'\\])'", re.S)


class SourceError(Exception):
    """A source file that could not be found or understood."""


@dataclass
class Import:
    """One leaf of a `use` declaration."""

    name: str
    target: tuple
    is_public: bool


@dataclass
class Module:
    """One module: a file, or a `mod x { .. }` inside a file."""

    path: tuple
    file: Path
    code: str = ""
    items: set = field(default_factory=set)
    children: set = field(default_factory=set)
    imports: list = field(default_factory=list)
    globs: list = field(default_factory=list)


def blanked(text):
    """The source with comments, strings and characters blanked; lengths and line breaks stay."""
    out, at, end = list(text), 0, len(text)

    def blank(start, stop):
        for i in range(start, min(stop, end)):
            if out[i] != "\n":
                out[i] = " "

    while at < end:
        two = text[at : at + 2]
        raw = RAW_STRING.match(text, at) if text[at] in "br" else None
        if raw and (at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")):
            close = text.find('"' + raw.group(1), raw.end())
            stop = end if close < 0 else close + 1 + len(raw.group(1))
        elif two == "//":
            stop = text.find("\n", at)
            stop = end if stop < 0 else stop
        elif two == "/*":
            depth, stop = 1, at + 2
            while stop < end and depth:
                pair = text[stop : stop + 2]
                depth += {"/*": 1, "*/": -1}.get(pair, 0)
                stop += 2 if pair in ("/*", "*/") else 1
        elif text[at] == '"':
            stop = at + 1
            while stop < end and text[stop] != '"':
                stop += 2 if text[stop] == "\\" else 1
            stop += 1
        elif text[at] in "b'" and CHARACTER.match(text, at):
            stop = CHARACTER.match(text, at).end()
        else:
            at += 1
            continue
        blank(at, stop)
        at = stop
    return "".join(out)


def matching(code, at):
    """The index after the bracket that closes the one at `at`."""
    pairs, depth = {"{": "}", "(": ")", "[": "]"}, 0
    opening, closing = code[at], pairs[code[at]]
    for i in range(at, len(code)):
        if code[i] == opening:
            depth += 1
        elif code[i] == closing:
            depth -= 1
            if depth == 0:
                return i + 1
    raise SourceError(f"a {opening} without its {closing}")


def item_end(code, at):
    """The index after the item that begins at `at`: past its `;` or its body."""
    while at < len(code):
        if code[at] == ";":
            return at + 1
        if code[at] == "{":
            after = matching(code, at)
            rest = re.match(r"\s*;", code[after:])
            return after + rest.end() if rest else after
        at = matching(code, at) if code[at] in "([" else at + 1
    return at


def without_tests(code):
    """The code without items under `#[cfg(test)]`, and the names of the modules left out."""
    left_out, at, parts = set(), 0, []
    while found := TEST_ATTRIBUTE.search(code, at):
        start = found.end()
        while attribute := re.compile(r"\s*#\[").match(code, start):
            start = matching(code, attribute.end() - 1)
        stop = item_end(code, start)
        if module := MOD.search(code, start, stop):
            left_out.add(module.group(1))
        parts.append(code[at : found.start()])
        at = stop
    parts.append(code[at:])
    return "".join(parts), left_out


def leaves(tree, before=()):
    """The leaves of a `use` tree: pairs of path and name, the name `*` for a glob."""
    tree = tree.strip()
    if "{" in tree:
        head, rest = tree.split("{", 1)
        inner = rest[: rest.rindex("}")]
        start = before + tuple(WORD.findall(head))
        depth, part, parts = 0, "", []
        for letter in inner:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if letter == "," and depth == 0:
                parts.append(part)
                part = ""
            else:
                part += letter
        for part in parts + [part]:
            if part.strip():
                yield from leaves(part, start)
        return
    target, _, alias = tree.partition(" as ")
    segments = before + tuple(WORD.findall(target))
    if target.strip().endswith("*"):
        yield segments, "*"
        return
    if segments and segments[-1] == "self" and len(segments) > 1:
        segments = segments[:-1]
    if segments:
        yield segments, alias.strip() or segments[-1]


class Tree:
    """All modules below one root file (lib.rs, main.rs or a file of src/bin)."""

    def __init__(self, root):
        self.modules, self.test_files, self.root = {}, set(), root
        self._read_file((), root, root.parent)

    def _read_file(self, path, file, folder):
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise SourceError(f"{file}: {error}") from error
        code = blanked(text)
        # Paths are strings, so they are read before strings are blanked.
        places = {
            m.group(1): p.group(1)
            for p in PATH_ATTRIBUTE.finditer(text)
            if (m := MOD.search(text, p.end(), p.end() + 200))
        }
        kept, tests = without_tests(code)
        for name in tests:
            for candidate in self._candidates(name, file, folder, places):
                if candidate.exists():
                    self.test_files.add(candidate)
                    self.test_files.update((candidate.parent / name).rglob("*.rs"))
                    self.test_files.update((folder / name).rglob("*.rs"))
        self._read_code(path, file, folder, kept, places)

    @staticmethod
    def _candidates(name, file, folder, places):
        if name in places:
            return [file.parent / places[name]]
        return [folder / f"{name}.rs", folder / name / "mod.rs"]

    def _read_code(self, path, file, folder, code, places):
        module = Module(path, file)
        self.modules[path] = module
        depth, at, own = 0, 0, []
        while at < len(code):
            if depth == 0 and (at == 0 or not (code[at - 1].isalnum() or code[at - 1] == "_")):
                if found := MOD.match(code, at):
                    name = found.group(1)
                    module.children.add(name)
                    if found.group(2) == "{":
                        stop = matching(code, found.end() - 1)
                        body = code[found.end() : stop - 1]
                        self._read_code(path + (name,), file, folder / name, body, places)
                        at = stop
                    else:
                        self._read_child(path + (name,), file, folder, places)
                        at = found.end()
                    continue
                if found := ITEM.match(code, at):
                    module.items.add(found.group(1))
                elif found := MACRO.match(code, at):
                    module.items.add(found.group(1))
            if found := USE.match(code, at) if code[at] in "pu" else None:
                if at == 0 or not (code[at - 1].isalnum() or code[at - 1] == "_"):
                    for target, name in leaves(found.group(2)):
                        if name == "*":
                            module.globs.append(target)
                        else:
                            module.imports.append(Import(name, target, bool(found.group(1))))
                    at = found.end()
                    continue
            depth += {"{": 1, "}": -1}.get(code[at], 0)
            own.append(code[at])
            at += 1
        module.code = "".join(own)

    def _read_child(self, path, file, folder, places):
        name = path[-1]
        for candidate in self._candidates(name, file, folder, places):
            if candidate.exists():
                below = candidate.parent if candidate.name == "mod.rs" else candidate.parent / name
                self._read_file(path, candidate, below)
                return
        raise SourceError(f"{file}: no file for `mod {name};`")

    def files(self):
        """The files that were read, without those of tests."""
        return {module.file for module in self.modules.values()}

    def absolute(self, module, target):
        """A path as written in a module, from the crate's root; `None` for a path out of the crate."""
        if target[0] == "crate":
            return target[1:]
        base, rest = module.path, target
        if target[0] in ("self", "super"):
            while rest and rest[0] in ("self", "super"):
                base = base[:-1] if rest[0] == "super" else base
                rest = rest[1:]
            return base + rest
        if target[0] in module.children:
            return base + target
        return None

    def resolve(self, target, seen=frozenset()):
        """The module that defines what an absolute path names, through re-exports; `None` outside of the crate.

        A path that names a module itself gives `None`: to name a module is to use nothing of it.
        """
        at = ()
        for index, name in enumerate(target):
            module = self.modules[at]
            if name in module.children:
                at += (name,)
                continue
            if name in module.items:
                return module
            return self._through_imports(module, name, target[index + 1 :], seen)
        return None

    def _through_imports(self, module, name, rest, seen):
        key = (module.path, name)
        if key in seen:
            return None
        seen = seen | {key}
        for imported in module.imports:
            if imported.name == name:
                absolute = self.absolute(module, imported.target)
                return None if absolute is None else self.resolve(absolute + rest, seen)
        for glob in module.globs:
            absolute = self.absolute(module, glob)
            if absolute is not None and (found := self.resolve(absolute + (name,) + rest, seen)):
                return found
        return None
