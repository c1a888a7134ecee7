#!/usr/bin/env python3
"""Takes models/speech/silero_vad_16k_sequence.onnx and its licence out of the PyPI package silero-vad 6.2.3.

    pip download --no-deps silero-vad==6.2.3 && python3 models/convert/speech.py silero_vad-6.2.3-*.whl models/speech
"""

import hashlib
import sys
import zipfile
from pathlib import Path

FILES = {
    "silero_vad/data/silero_vad_16k_sequence.onnx": ("silero_vad_16k_sequence.onnx", "9ccdacc4719d8aa7e45a77536bfabec45a03ba1f2fad5e241ab4060b24238a85"),
    "silero_vad-6.2.3.dist-info/licenses/LICENSE": ("LICENSE-MIT", None),
}


def main(wheel, out):
    with zipfile.ZipFile(wheel) as package:
        for name, (target, sha256) in FILES.items():
            data = package.read(name)
            found = hashlib.sha256(data).hexdigest()
            if sha256 and found != sha256:
                sys.exit(f"{name}: expected sha256 {sha256}, got {found}; use silero-vad 6.2.3")
            (Path(out) / target).write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
