"""PulseAudio's own player beside ours: a steady level, the same latency and priority, gaps counted from its own sink.

    python3 peer.py SECONDS
"""

import array
import struct
import subprocess
import sys
import threading
import time

FORMAT = ["--raw", "--format=float32le", "--rate=48000", "--channels=2"]


def main():
    seconds = float(sys.argv[1])
    first = [] if subprocess.run(["chrt", "-r", "10", "true"], capture_output=True).returncode else ["chrt", "-r", "10"]
    play = [*first, "pacat", "-p", "-d", "peer", *FORMAT, "--latency-msec=21", "--process-time-msec=10"]
    player = subprocess.Popen(play, stdin=subprocess.PIPE)
    threading.Thread(target=feed, args=(player,), daemon=True).start()
    time.sleep(2)
    record = ["parec", "-d", "peer.monitor", *FORMAT, "--latency-msec=2"]
    recorder = subprocess.Popen(record, stdout=subprocess.PIPE)
    tape, end = bytearray(), time.monotonic() + seconds
    while time.monotonic() < end:
        tape += recorder.stdout.read1(65536)
    recorder.kill()
    player.kill()
    samples = array.array("f", bytes(tape[: len(tape) // 8 * 8]))[::2]
    begin = next(i for i, x in enumerate(samples) if x > 0.2) + 480
    gaps, silent, inside = 0, 0, False
    for sample in samples[begin:]:
        is_gap = abs(sample) < 0.2
        gaps += is_gap and not inside
        silent += is_gap
        inside = is_gap
    print(f"pacat meanwhile: {gaps} gaps, {silent / 48:.1f} ms in all")


def feed(player):
    block = struct.pack("<9600f", *[0.25] * 9600)
    try:
        while True:
            player.stdin.write(block)
    except (BrokenPipeError, ValueError):
        pass


main()
