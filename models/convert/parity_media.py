"""Clips and sounds for parity.py, made on the spot, and the reference way to read the clips' frames."""

import json
import subprocess
import wave

import numpy as np

RATE = 48_000
SCENES = ["testsrc2=size={s}:rate=25", "mandelbrot=size={s}:rate=25:start_scale=1", "smptehdbars=size={s}:rate=25", "cellauto=size={s}:rate=25:rule=110"]


def clips(folder):
    """Four seconds of four test pictures each: lossless RGB, then H.264 with 4:2:0 colour in another shape."""
    lossless, coded = folder / "lossless.mov", folder / "coded.mp4"
    make(lossless, "640x360", ["-c:v", "png", "-pix_fmt", "rgb24"], "format=rgb24")
    colour = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    to_yuv = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    make(coded, "720x1280", ["-c:v", "libx264", "-crf", "12", "-preset", "veryfast", *colour], to_yuv)
    return [lossless, coded]


def make(path, size, codec, conversion):
    inputs = [word for scene in SCENES for word in ("-f", "lavfi", "-t", "1", "-i", scene.format(s=size))]
    joined = "".join(f"[{i}:v]setsar=1,{conversion}[v{i}];" for i in range(len(SCENES)))
    joined += "".join(f"[v{i}]" for i in range(len(SCENES))) + f"concat=n={len(SCENES)}[out]"
    command = ["ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", joined, "-map", "[out]", *codec, str(path)]
    subprocess.run(command, check=True)


def frames_at(clip, times_s):
    """The RGB frame on screen at each time: the last one whose presentation time is not after it."""
    entries = "stream=width,height,pix_fmt,color_space:frame=pts_time"
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "json", str(clip)]
    found = json.loads(subprocess.run(probe, capture_output=True, check=True).stdout)
    stream = found["streams"][0]
    width, height = stream["width"], stream["height"]
    shown = np.array([float(frame["pts_time"]) for frame in found["frames"]])
    wanted = [int(np.searchsorted(shown - shown[0], t + 1e-6, side="right")) - 1 for t in times_s]
    picked = "+".join(f"eq(n\\,{n})" for n in wanted)
    planar = stream["pix_fmt"] == "yuv420p"
    command = ["ffmpeg", "-v", "error", "-i", str(clip), "-vf", f"select={picked}", "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "yuv420p" if planar else "rgb24", "-"]
    raw = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8).reshape(len(wanted), -1)
    if not planar:
        return list(raw.reshape(len(wanted), height, width, 3))
    bt709 = stream.get("color_space") == "bt709" or (stream.get("color_space") in (None, "unknown") and height > 576)
    return [rgb(frame, width, height, (0.2126, 0.0722) if bt709 else (0.299, 0.114)) for frame in raw]


def rgb(planes, width, height, luma):
    """4:2:0 in the narrow range to RGB by ITU-T H.273 (8.3), chroma bilinear between the middles of its four pixels."""
    split = (width // 2) * (height // 2)
    y = planes[: width * height].reshape(height, width).astype(np.float64)
    u, v = (planes[width * height + i * split :][:split].reshape(height // 2, width // 2).astype(np.float64) for i in (0, 1))
    red, blue = luma
    y, u, v = (y - 16) / 219, (doubled(u) - 128) / 224, (doubled(v) - 128) / 224
    r, b = y + 2 * (1 - red) * v, y + 2 * (1 - blue) * u
    g = (y - red * r - blue * b) / (1 - red - blue)
    return (np.stack([r, g, b], axis=-1) * 255 + 0.5).clip(0, 255).astype(np.uint8)


def doubled(plane):
    for axis in (0, 1):
        plane = np.moveaxis(plane, axis, 0)
        edged = np.concatenate([plane[:1], plane, plane[-1:]])
        twice = np.empty((2 * len(plane), plane.shape[1]))
        twice[0::2] = 0.75 * edged[1:-1] + 0.25 * edged[:-2]
        twice[1::2] = 0.75 * edged[1:-1] + 0.25 * edged[2:]
        plane = np.moveaxis(twice, 0, axis)
    return plane


def sounds(folder):
    """[(WAV file, its samples)]: exactly one window, and shorter ones that the reference repeats and pads."""
    random = np.random.default_rng(7)
    made = []
    for name, length_s in (("window_10s", 10.0), ("short_7s", 7.0), ("short_3.3s", 3.3)):
        t = np.arange(int(length_s * RATE)) / RATE
        pitch = random.choice([110, 146.8, 196, 261.6])
        tone = sum(np.sin(2 * np.pi * pitch * k * t + random.uniform(0, 6)) / k for k in (1, 2, 3, 5))
        pulse = np.exp(-((t * random.uniform(1.5, 3)) % 1) * 6)
        samples = (0.2 * tone * pulse + 0.02 * random.normal(size=len(t))).clip(-1, 1)
        path = folder / f"{name}.wav"
        stored = np.round(samples * 32767).astype(np.int16)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
            file.writeframes(stored.tobytes())
        made.append((path, stored.astype(np.float32) / 32768))
    return made
