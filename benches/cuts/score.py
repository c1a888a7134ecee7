#!/usr/bin/env python3
"""Scores every tool on one half of the set and prints Markdown.

    score.py WORK HALF [--truth jumps] [--program NEEDLEDROP] [--peers FILE] [--shared] [--every 2] [--sensitivity 0.5] [--list]

A hard cut is found by a report within one frame of it; a gradual change by a report whose middle lies within its span, 0.1 s
more at either end. Each is found once; every other report is false. A false report counts against the kind that the tool
gave it, or, where the tool gives none, against the change that it lies in or beside (0.25 s), else against hard cuts. `any`
leaves the kinds out: a report may find a change of any kind. Traps hold no change at all.
"""

import argparse
import json
import pathlib
import subprocess

from watch import watch

KINDS = ["hard", "dissolve", "fade", "any"]


def report(tool, spans, fps):
    """Reports as (middle in frames, kind or None, is it sharp)."""
    if tool == "Needledrop":
        kinds = {"cut": "hard"}
        return [(c["time_s"] * fps, kinds.get(c["kind"], c["kind"])) for c in spans]
    return [((a + b) / 2, None) for a, b in spans]


def near(at, span, fps, slack_s):
    return span[0] - slack_s * fps <= at <= span[1] + slack_s * fps


def looked(program, clip, sensitivity):
    """What the program itself says, which decodes only what it has to."""
    command = [program, "look", clip, "--json", "--sensitivity", str(sensitivity)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {"cuts": told["cuts"], "frames": 1, "ms_per_frame": 0, "curve_bytes": 0}


def judge(truth, told, fps, frames_apart):
    """Hits, misses and false reports of each kind."""
    count = {kind: [0, 0, 0] for kind in KINDS}
    subs, wrong = {}, []
    pairs = []
    for t, true in enumerate(truth):
        for r, (at, kind) in enumerate(told):
            if true["kind"] == "hard":
                off = abs(at - true["frame"])
                fits = off <= frames_apart + 0.01
            else:
                off = abs(at - sum(true["span"]) / 2) / 10
                fits = near(at, true["span"], fps, 0.1)
            if fits:
                same = kind is None or (kind == "hard") == (true["kind"] == "hard")
                pairs.append((not same, off, t, r, same))
    used_t, used_r = {}, {}
    for _, _, t, r, same in sorted(pairs):
        if t not in used_t and r not in used_r:
            used_t[t], used_r[r] = same, same
    for t, true in enumerate(truth):
        found = used_t.get(t)
        count["any"][0 if found is not None else 1] += 1
        count[true["kind"]][0 if found else 1] += 1
        sub = subs.setdefault(f"{true['kind']} {true['sub']}", [0, 0])
        sub[0 if found else 1] += 1
        if not found:
            wrong.append(("missed", true))
    for r, (at, kind) in enumerate(told):
        if r not in used_r:
            count["any"][2] += 1
        if not used_r.get(r):
            beside = [x["kind"] for x in truth if x["kind"] != "hard" and near(at, x["span"], fps, 0.25)]
            count[kind or (beside + ["hard"])[0]][2] += 1
            wrong.append(("false", (at, kind)))
    return count, subs, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("half", choices=["dev", "test"])
    parser.add_argument("--truth", default="truth", help="`jumps` for the clips of jumps.py")
    parser.add_argument("--program", help="ask this instead of the detector with every frame")
    parser.add_argument("--peers", type=pathlib.Path)
    parser.add_argument("--shared", action="store_true", help="only clips that the peers have watched")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--sensitivity", type=float, default=0.5)
    parser.add_argument("--list", action="store_true", help="every error of Needledrop")
    args = parser.parse_args()
    truth = json.loads((args.work / f"set/{args.truth}.json").read_text())
    peers = json.loads(args.peers.read_text()) if args.peers and args.peers.exists() else {}
    total, subs, traps, speed = {}, {}, {}, []
    length = {}
    for key, about in sorted(truth.items()):
        if not key.startswith(args.half + "/") or (args.shared and key not in peers):
            continue
        clip = args.work / "set" / f"{key}.mp4"
        if args.program:
            ours = looked(args.program, clip, args.sensitivity)
        else:
            ours = watch(clip, about["fps"], args.every, args.sensitivity)
        speed.append((ours["frames"], ours["ms_per_frame"], ours["curve_bytes"]))
        for tool, spans in {**peers.get(key, {}), "Needledrop": ours["cuts"]}.items():
            told = report(tool, spans, about["fps"])
            count, sub, wrong = judge(about["truth"], told, about["fps"], args.every)
            if about["trap"]:
                traps.setdefault(tool, {}).setdefault(about["trap"], []).append(len(told))
                length.setdefault(about["trap"], {})[key] = about["frames"] / about["fps"]
            for kind in KINDS if not about["trap"] else ():
                have = total.setdefault(tool, {}).setdefault(kind, [0, 0, 0])
                total[tool][kind] = [a + b for a, b in zip(have, count[kind])]
            for name, (hit, miss) in sub.items():
                have = subs.setdefault(tool, {}).setdefault(name, [0, 0])
                subs[tool][name] = [have[0] + hit, have[1] + miss]
            if args.list and tool == "Needledrop":
                for what, it in wrong:
                    score = [round(c["score"], 2) for c in ours["cuts"] if what == "false" and abs(c["time_s"] * about["fps"] - it[0]) < 0.6]
                    print(key, about["fps"], what, it, *score)
    print(f"\n### {args.half}" + (f", every {args.every} frames" if args.every > 1 else ""))
    print("| tool | " + " | ".join(f"{k}: P | R | F1" for k in KINDS) + " |\n|---" + "|---:" * 12 + "|")
    for tool, kinds in sorted(total.items()):
        cells = []
        for kind in KINDS:
            hit, miss, false = kinds[kind]
            p, r = hit / max(hit + false, 1), hit / max(hit + miss, 1)
            cells += [f"{p:.3f}", f"{r:.3f}", f"**{2 * p * r / max(p + r, 1e-9):.3f}**"]
        print(f"| {tool} | " + " | ".join(cells) + " |")
    names = sorted(next(iter(subs.values()))) if subs else []
    print("\n| found of | " + " | ".join(names) + " |\n|---" + "|---:" * len(names) + "|")
    for tool, sub in sorted(subs.items()):
        print(f"| {tool} | " + " | ".join(f"{sub[n][0]} of {sum(sub[n])}" for n in names) + " |")
    names = list(length)
    print("\n| false in traps | " + " | ".join(f"{n} ({sum(length[n].values()):.0f} s)" for n in names) + " | all |\n|---" + "|---:" * (len(names) + 1) + "|")
    for tool, kinds in sorted(traps.items()):
        print(f"| {tool} | " + " | ".join(str(sum(kinds.get(n, []))) for n in names) + f" | {sum(map(sum, kinds.values()))} |")
    frames = sum(n for n, _, _ in speed)
    print(f"\n{sum(n * ms for n, ms, _ in speed) / frames:.3f} ms a frame; curve {sum(b for _, _, b in speed) / frames:.1f} bytes of JSON a frame")


if __name__ == "__main__":
    main()
