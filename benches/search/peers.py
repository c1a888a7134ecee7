#!/usr/bin/env python3
"""The other side of the search measurement: makes the data, runs hnswlib and faiss, writes the table.

  peers.py make DIR --count N --dim D --kind clustered|easy|isotropic --queries Q --k K
  peers.py run DIR --dim D --k K [--no-graph]      one JSON line a result, as measure_search prints
  peers.py table NAME=FILE ...                     Markdown from such lines

One thread throughout. Files hold little-endian rows: vectors.f32, queries.f32, exact.u32 (by float64 re-check of a
float32 product).
"""

import argparse
import json
import pathlib
import resource
import sys
import time

import numpy as np

WIDTHS = [200, 250, 300, 400, 500, 600, 800, 1000, 1300, 1700, 2200, 3000]

# Clusters, the length of the noise around a centre of length one, and the dimensions that the noise has. The more of
# them, the more alike all distances are and the wider a walk must be: "easy" is what embeddings of one kind of thing
# tend to be, "isotropic" is the worst case.
KINDS = {"clustered": (400, 0.8, None), "easy": (400, 0.8, 24), "isotropic": (1, 1000.0, None)}


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make(args):
    rng = np.random.default_rng(7)
    clusters, noise, inner = KINDS[args.kind]
    basis = rng.standard_normal((inner, args.dim), dtype=np.float32) / np.sqrt(inner) if inner else None
    centres = unit(rng.standard_normal((clusters, args.dim), dtype=np.float32))
    # Some clusters are forty times as large as others, as genres are.
    share = rng.pareto(1.2, clusters) + 0.05
    share /= share.sum()

    def draw(count):
        of = rng.choice(clusters, count, p=share)
        if basis is None:
            around = rng.standard_normal((count, args.dim), dtype=np.float32)
        else:
            around = rng.standard_normal((count, inner), dtype=np.float32) @ basis
            around += 0.05 * rng.standard_normal((count, args.dim), dtype=np.float32)
        return unit(centres[of] + around * np.float32(noise / np.sqrt(args.dim))).astype("<f4")

    directory = pathlib.Path(args.dir)
    directory.mkdir(parents=True, exist_ok=True)
    step = 100_000
    with open(directory / "vectors.f32", "wb") as out:
        for start in range(0, args.count, step):
            draw(min(step, args.count - start)).tofile(out)
    queries = draw(args.queries)
    queries.tofile(directory / "queries.f32")
    vectors = np.memmap(directory / "vectors.f32", "<f4", "r").reshape(-1, args.dim)
    wide = min(args.k + 64, len(vectors))
    exact = np.empty((args.queries, args.k), "<u4")
    for at in range(0, args.queries, 50):
        part = queries[at : at + 50]
        scores = np.empty((len(part), len(vectors)), np.float32)
        for start in range(0, len(vectors), step):
            scores[:, start : start + step] = part @ vectors[start : start + step].T
        near = np.argpartition(-scores, wide - 1, axis=1)[:, :wide]
        for row, candidates in enumerate(near):
            true = vectors[candidates].astype(np.float64) @ part[row].astype(np.float64)
            exact[at + row] = candidates[np.argsort(-true)[: args.k]]
    exact.tofile(directory / "exact.u32")


def load(args):
    directory = pathlib.Path(args.dir)
    vectors = np.fromfile(directory / "vectors.f32", "<f4").reshape(-1, args.dim)
    queries = np.fromfile(directory / "queries.f32", "<f4").reshape(-1, args.dim)
    exact = np.fromfile(directory / "exact.u32", "<u4").reshape(-1, args.k)
    return directory, vectors, queries, exact


def recall_of(found, exact):
    return float(np.mean([len(np.intersect1d(a, b)) / len(b) for a, b in zip(found, exact)]))


def measure(what, ef, search, queries, exact):
    """The better of three rounds, one query at a time, as on our side."""
    found = [search(query) for query in queries]
    best = (float("inf"), float("inf"))
    for _ in range(3):
        times = np.empty(len(queries))
        for at, query in enumerate(queries):
            start = time.perf_counter()
            search(query)
            times[at] = (time.perf_counter() - start) * 1e3
        best = (min(best[0], float(np.quantile(times, 0.5))), min(best[1], float(np.quantile(times, 0.99))))
    say(what=what, ef=ef, recall=round(recall_of(found, exact), 5), p50_ms=round(best[0], 4), p99_ms=round(best[1], 4))


def say(**line):
    print(json.dumps(line), flush=True)


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(args):
    directory, vectors, queries, exact = load(args)
    import faiss

    faiss.omp_set_num_threads(1)
    flat = faiss.IndexFlatIP(args.dim)
    flat.add(vectors)
    measure("faiss flat", None, lambda q: flat.search(q[None], args.k)[1][0], queries[: args.flat_queries], exact)
    del flat
    if args.no_graph:
        return
    import hnswlib

    graph = hnswlib.Index(space="ip", dim=args.dim)
    graph.init_index(max_elements=len(vectors), M=32, ef_construction=200, random_seed=7)
    start = time.perf_counter()
    graph.add_items(vectors, num_threads=args.build_threads)
    say(what="hnswlib build", graph_s=round(time.perf_counter() - start, 1), peak_mb=peak_mb())
    path = str(directory / "hnswlib.bin")
    graph.save_index(path)
    start = time.perf_counter()
    graph = hnswlib.Index(space="ip", dim=args.dim)
    graph.load_index(path)
    say(what="hnswlib load", ms=round((time.perf_counter() - start) * 1e3, 1))
    graph.set_num_threads(1)
    search = lambda q: graph.knn_query(q, k=args.k, num_threads=1)[0][0]
    for ef in WIDTHS:
        graph.set_ef(ef)
        if recall_of([search(query) for query in queries[:300]], exact) >= 0.99:
            break
    measure("hnswlib", ef, search, queries, exact)


def table(args):
    for case in args.cases:
        name, _, file = case.partition("=")
        lines = [json.loads(line) for line in open(file) if line.startswith("{")]
        by = {line["what"]: line for line in lines}
        peer = by.get("hnswlib", {}).get("p50_ms")
        print(f"\n#### {name}\n")
        print("| search | rows or ef | recall | p50 ms | p99 ms | p50 to hnswlib |")
        print("|---|---:|---:|---:|---:|---:|")
        names = {"scan": "needledrop scan", "probe": "needledrop probe, fewest rows for 0.99", "probe, as built": "needledrop probe, rows as built",
                 "chosen by itself": "**needledrop, way chosen by itself**"}
        for line in lines:
            if "p99_ms" not in line:
                continue
            ratio = f"{line['p50_ms'] / peer:.2f}" if peer else "–"
            what = names.get(line["what"], line["what"])
            print(f"| {what} | {line.get('rows') or line.get('ef') or '–'} | {line['recall']:.4f} | {line['p50_ms']:.3f} | {line['p99_ms']:.3f} | {ratio} |")
        print()
        build, loaded = by.get("build"), by.get("load")
        if build and loaded:
            cells = by.get("cells")
            built = f", with {cells['count']} cells {build['all_s']} s" if cells else ""
            print(f"Ours: 4-bit rows written in {build['rows_s']} s{built} ({build['cpu_s']} s of processor time for all builds, "
                  f"peak {build['peak_mb']} MB); loaded, every checksum compared, in {loaded['ms']} ms; {loaded['simd']}.")
            if cells:
                print(f"Memory of the process that searches: {cells['rss_mb']} MB after the probes (peak {cells['peak_mb']}, "
                      f"{cells['mapped_mb']} of it mapped files), {loaded['rss_mb']} MB after the scans (peak {loaded['peak_mb']}).")
        if "hnswlib build" in by:
            print(f"hnswlib: built in {by['hnswlib build']['graph_s']} s (peak {by['hnswlib build']['peak_mb']} MB), "
                  f"loaded in {by['hnswlib load']['ms']} ms.")
        filtered = [line for line in lines if line["what"].startswith("filtered")]
        if filtered:
            print("\nFiltered, p50: " + "; ".join(
                f"one row in {line['one_in']} allowed, {line['what'].split()[1].lower()} {line['p50_ms']:.3f} ms" for line in filtered) + ".")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, action in (("make", make), ("run", run)):
        command = commands.add_parser(name)
        command.add_argument("dir")
        command.add_argument("--dim", type=int, default=512)
        command.add_argument("--k", type=int, default=200)
        command.set_defaults(action=action)
        if name == "make":
            command.add_argument("--count", type=int, default=40_000)
            command.add_argument("--queries", type=int, default=1_000)
            command.add_argument("--kind", choices=KINDS, default="clustered")
        else:
            command.add_argument("--no-graph", action="store_true")
            command.add_argument("--build-threads", type=int, default=-1)
            command.add_argument("--flat-queries", type=int, default=200)
    command = commands.add_parser("table")
    command.add_argument("cases", nargs="+")
    command.set_defaults(action=table)
    args = parser.parse_args()
    sys.exit(args.action(args))


if __name__ == "__main__":
    main()
