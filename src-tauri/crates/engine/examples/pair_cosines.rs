//! Prints the cosines between all pictures and all tracks of the development pairs of a folder, as tab-separated lines
//! `game weight chosen cosine…`. The ranking's calibration is fitted to them.
//!
//! ```sh
//! cargo run --release -p needledrop-engine --example pair_cosines -- PAIRS [PACK] > cosines.tsv
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use image::ImageReader;
use needledrop_catalog::{Catalog, Filter};
use needledrop_engine::{Places, packs};
use needledrop_models::runtime::SessionOptions;
use needledrop_training::PairRow;
use needledrop_training::yardstick::rows::{Asked, read_rows};
use needledrop_training::yardstick::split::{Part, Yardstick};
use needledrop_vision::{ClipMean, Picture, Projector, informative, open_encoder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = args
        .next()
        .ok_or("usage: pair_cosines PAIRS [PACK=embedded]")?;
    let dir = Path::new(&dir);
    let name = args.next().unwrap_or_else(|| "embedded".to_owned());
    let pack = packs::open(&Places::find()?, &name)?;
    let catalog = Catalog::open(&dir.join(format!("catalog-{}", pack.manifest.audio.space)))?;
    let filter = Filter {
        include_missing: true,
        include_duplicates: true,
        ..Filter::default()
    };
    let mut tracks = BTreeMap::new();
    for track in catalog.tracks(&filter)? {
        tracks.insert(track.path.clone(), catalog.vector(&track.id)?);
    }
    let development = Asked::One(Part::Development);
    let rows =
        read_rows::<PairRow>(&dir.join("pairs.jsonl"), Yardstick::Choices, development)?.rows;
    let mut chosen = Vec::new();
    for row in &rows {
        chosen.push(dir.join(&row.music).canonicalize()?);
    }
    // Only chosen tracks are ranked, as in `eval pairs`.
    tracks.retain(|path, _| chosen.contains(path));
    let places: Vec<&std::path::PathBuf> = tracks.keys().collect();
    let projector = Projector::load(&pack.file(&pack.manifest.projector.file)?)?;
    let mut encoder = open_encoder(&pack, &SessionOptions::default())?;
    for (row, path) in rows.iter().zip(&chosen) {
        let Some(at) = places.iter().position(|p| *p == path) else {
            eprintln!("not in the catalog: {}", row.title);
            continue;
        };
        let mut mean = ClipMean::new(encoder.dim());
        for name in &row.pictures {
            let image = ImageReader::open(dir.join(name))?
                .with_guessed_format()?
                .decode()?
                .into_rgb8();
            let picture = Picture {
                width: image.width(),
                height: image.height(),
                rgb: image.as_raw(),
            };
            for vector in encoder.encode(&[picture])? {
                mean.push(&vector, 1.0, informative(&picture))?;
            }
        }
        let query = projector.project(&mean.finish()?)?;
        let cosines = tracks.values().map(|track| {
            let dot: f32 = track.iter().zip(&query).map(|(a, b)| a * b).sum();
            format!("{dot:.5}")
        });
        let cosines: Vec<String> = cosines.collect();
        println!("{}\t{}\t{at}\t{}", row.game, row.weight, cosines.join("\t"));
    }
    Ok(())
}
