"""Fetches Debian packages and source archives from PyPI and unpacks them without installing anything.

A package is a Debian package's name, or `pypi:NAME==VERSION` for a source archive,
which pip fetches. `apt-get download` fetches one package at a time, `dpkg-deb -x` unpacks it into
a folder of its own. Nothing runs a maintainer script and nothing touches the
system's package state, so an interrupted build leaves only files under --out.
"""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path


PYPI = "pypi:"


class PackageError(Exception):
    """A package that could not be fetched or unpacked."""


class Packages:
    """Debian packages below one working folder, fetched on first use."""

    def __init__(self, work, cached=(), keep=False, say=print):
        self.debs = Path(work) / "debs"
        self.unpacked = Path(work) / "unpacked"
        self.cached = [Path(folder) for folder in cached]
        self.keep = keep
        self.say = say

    def root(self, name):
        """The folder that holds `name`'s files, as they would lie under /."""
        target = self.unpacked / name
        if target.is_dir():
            return target
        if name.startswith(PYPI):
            return self._source_archive(name, target)
        deb = self._find(name) or self._download(name)
        partial = self.unpacked / (name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        self.say(f"  unpack {deb.name}")
        try:
            self._run(["dpkg-deb", "-x", str(deb), str(partial)])
        except PackageError:
            if deb.parent == self.debs:
                deb.unlink()  # damaged: the next build fetches it again
            raise
        partial.rename(target)
        return target

    def version(self, name):
        """The version of `name` that was unpacked, e.g. `0.6.3-2` ("" for PyPI: the name holds it)."""
        deb = self._find(name)
        if deb is None:
            return ""
        return self._run(["dpkg-deb", "-f", str(deb), "Version"]).strip()

    def copyright(self, name):
        """Text of the package's copyright file ("" when it has none)."""
        if name.startswith(PYPI):
            found = sorted(path for path in self.root(name).glob("*/LICEN?E*") if path.is_file())
            return "\n".join(path.read_text(errors="replace") for path in found)
        path = self.root(name) / "usr/share/doc" / name / "copyright"
        if path.is_symlink() or not path.is_file():
            return ""
        return path.read_text(errors="replace")

    def forget(self, names):
        """Frees the disk a game took, unless the packages are to be kept."""
        if self.keep:
            return
        for name in names:
            shutil.rmtree(self.unpacked / name, ignore_errors=True)
            for deb in self.debs.glob(f"{name}_*.deb"):
                deb.unlink()

    def _source_archive(self, name, target):
        """Fetches and unpacks a source archive of PyPI."""
        partial = self.unpacked / (name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        self.say(f"  fetch {name}")
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(partial)]
        self._run([*fetch, name.removeprefix(PYPI)])
        for archive in partial.glob("*.tar.gz"):
            with tarfile.open(archive) as packed:
                packed.extractall(partial, filter="data")
            archive.unlink()
        partial.rename(target)
        return target

    def _find(self, name):
        for folder in [self.debs, *self.cached]:
            found = sorted(folder.glob(f"{name}_*.deb"))
            if found:
                return found[-1]
        return None

    def _download(self, name):
        partial = self.debs / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        self.say(f"  fetch {name}")
        self._run(["apt-get", "download", "-q", name], cwd=partial)
        found = sorted(partial.glob(f"{name}_*.deb"))
        if not found:
            raise PackageError(f"apt-get download left no file for {name}; run apt-get update and try again")
        # A download that was cut off never gets its place among the whole ones.
        return found[-1].rename(self.debs / found[-1].name)

    @staticmethod
    def _run(command, cwd=None):
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise PackageError(f"{command[0]} failed ({last}); run apt-get update (for pip, look at the name) and try again: {' '.join(command)}")
        return done.stdout
