//! All targets in one program, for libFuzzer. `fuzz/run` starts it.
//!
//! `NEEDLEDROP_FUZZ=TARGET` chooses the target; `list` prints each target and the bytes of its largest input. With
//! `NEEDLEDROP_FUZZ_SEEDS=FOLDER` it only writes the seeds there.

#![no_main]

use std::path::Path;
use std::sync::OnceLock;
use std::{env, fs, panic, process};

use libfuzzer_sys::fuzz_target;
use needledrop_fuzz::{TARGETS, Target};

static CHOSEN: OnceLock<Target> = OnceLock::new();

fuzz_target!(init: choose(), |input: &[u8]| {
    if let Some(target) = CHOSEN.get() {
        (target.read)(input);
    }
});

fn choose() {
    let name = env::var("NEEDLEDROP_FUZZ").unwrap_or_default();
    if name == "list" {
        for target in TARGETS {
            println!("{} {}", target.name, target.most_bytes);
        }
        process::exit(0);
    }
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!(
            "NEEDLEDROP_FUZZ={name:?}: expected one of {}",
            names.join(", ")
        );
        process::exit(2);
    };
    if let Some(folder) = env::var_os("NEEDLEDROP_FUZZ_SEEDS") {
        for (number, seed) in (target.seeds)().iter().enumerate() {
            fs::write(Path::new(&folder).join(format!("seed-{number}")), seed)
                .expect("the folder is writable");
        }
        process::exit(0);
    }
    // libFuzzer's own hook ends the program at a panic. The product catches those of symphonia and tokenizers and goes on;
    // one that it does not catch still ends the program.
    if ["decode", "tokenizer"].contains(&target.name) {
        panic::set_hook(Box::new(|panic| {
            if panic
                .location()
                .is_some_and(|place| place.file().contains("fuzz/src"))
            {
                eprintln!("{panic}");
            }
        }));
    }
    CHOSEN.get_or_init(|| *target);
}
