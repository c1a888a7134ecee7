//! `cargo bench -p needledrop-catalog`: 200 of 20,000 clustered vectors of 512 numbers, by each way of searching.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use needledrop_catalog::search::{Index, SearchOptions, Simd, Way};
use tokio_util::sync::CancellationToken;

const DIM: usize = 512;
const COUNT: usize = 20_000;
const CLUSTERS: usize = 200;

/// Numbers that look like a bell curve: sums of twelve uniform ones (SplitMix64).
struct Bell(u64);

impl Bell {
    fn next(&mut self) -> f32 {
        let mut sum = -6.0;
        for _ in 0..12 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            sum += ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32;
        }
        sum
    }

    fn vector(&mut self) -> Vec<f32> {
        (0..DIM).map(|_| self.next()).collect()
    }

    fn near(&mut self, centre: &[f32]) -> Vec<f32> {
        centre.iter().map(|x| x + 0.7 * self.next()).collect()
    }
}

fn search(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut bell = Bell(1);
    let centres: Vec<Vec<f32>> = (0..CLUSTERS).map(|_| bell.vector()).collect();
    let vectors: Vec<(i64, Vec<f32>)> = (0..COUNT)
        .map(|at| (at as i64 + 1, bell.near(&centres[at % CLUSTERS])))
        .collect();
    let queries: Vec<Vec<f32>> = (0..64).map(|at| bell.near(&centres[at])).collect();
    let index = Index::build(
        dir.path(),
        DIM,
        vectors,
        true,
        &CancellationToken::new(),
        &|_| {},
    )
    .expect("an index of these vectors")
    .expect("nobody cancelled it");
    let few: Vec<i64> = (1..=COUNT as i64).step_by(40).collect();

    let mut group = c.benchmark_group("200 of 20,000 x 512");
    let mut turn = 0;
    let mut next = move || {
        turn = (turn + 1) % queries.len();
        queries[turn].clone()
    };
    for simd in Simd::available() {
        let index = Index::open(dir.path(), simd).expect("the index just built");
        group.bench_function(format!("scan, {simd:?}"), |b| {
            let options = SearchOptions {
                way: Some(Way::Scan),
                rows: None,
            };
            b.iter(|| index.search(black_box(&next()), 200, options));
        });
    }
    group.bench_function("probe", |b| {
        let options = SearchOptions {
            way: Some(Way::Probe),
            rows: None,
        };
        b.iter(|| index.search(black_box(&next()), 200, options));
    });
    group.bench_function("among 500 allowed rows", |b| {
        b.iter(|| index.search_rows(black_box(&next()), 200, &few, SearchOptions::default()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50);
    targets = search
}
criterion_main!(benches);
