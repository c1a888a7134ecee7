//! Every target on its own seeds: the fuzzer starts from inputs that the parser accepts.

use needledrop_fuzz::TARGETS;

#[test]
fn every_parser_accepts_its_seeds() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        for (number, seed) in seeds.iter().enumerate() {
            assert!(
                seed.len() <= target.most_bytes,
                "seed {number} of {} has {} bytes",
                target.name,
                seed.len()
            );
            assert!(
                (target.read)(seed),
                "{} refuses its seed {number}",
                target.name
            );
        }
    }
}

#[test]
fn every_parser_refuses_or_accepts_the_beginnings_of_its_seeds() {
    for target in TARGETS {
        for seed in (target.seeds)() {
            for part in 0..16 {
                (target.read)(&seed[..seed.len() * part / 16]);
            }
        }
    }
}

#[test]
fn targets_are_in_the_order_of_their_names() {
    assert!(TARGETS.is_sorted_by(|a, b| a.name < b.name));
}
