//! Written pairs as vectors of a pack's two spaces.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ndarray::{Array1, Array2};
use needledrop_models::runtime::SessionOptions;
use needledrop_models::{ClapText, ClipText, Pack, SentenceEncoder, Tensors, TextKind, TextTower};
use tokio_util::sync::CancellationToken;

use crate::error::TrainingError;
use crate::look::LookFeatures;
use crate::network::unit_rows;
use crate::progress::Progress;
use crate::rows::BridgeRow;
use crate::weights::matrix;

/// Class names of the pack's picture encoder, one per line, in the order of its outputs.
const CLASS_NAMES: &str = "class_names.txt";
/// Names of the tags in the tag space, one per line: `TAGGER:name`.
const TAG_NAMES: &str = "tags.txt";
/// Texts that are embedded between two checks for cancellation.
const BATCH: usize = 64;
/// Temperature of the softmax over the cosines of a description to the tags.
const TAG_TEMPERATURE: f32 = 0.06;
/// Added to the cosine of a tag whose name is in the description.
const TAG_SAID: f32 = 0.15;

/// Written pairs as vectors.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// Scenes, centred, unit rows `[n, words]`.
    pub(crate) scenes: Array2<f32>,
    /// Class-name vectors of each row's `seen`, `[names, words]`; no rows if the pack has no class space.
    pub(crate) seen: Vec<Array2<f32>>,
    /// All class-name vectors `[classes, words]`; wrong classes are drawn from them.
    pub(crate) classes: Array2<f32>,
    /// Expected picture features `[n, features]`; no columns if the pack has none.
    pub(crate) look: Array2<f32>,
    /// Standard deviation of each picture feature.
    pub(crate) look_scale: Array1<f32>,
    /// Music descriptions in the audio space, minus their mean, unit rows `[n, outputs]`. With the mean, the projector
    /// would learn a direction that all music shares, and the same few tracks would lead every list.
    pub(crate) music: Array2<f32>,
    /// Music descriptions as mixes of tag vectors, because a track's vector is such a mix; equal to `music` if the pack
    /// has no tag space. Minus their mean, unit rows `[n, outputs]`.
    pub(crate) tagged: Array2<f32>,
    /// True where words and music share a sentence space.
    pub(crate) shared: bool,
}

impl Encoded {
    /// Number of written pairs.
    pub fn len(&self) -> usize {
        self.scenes.nrows()
    }

    /// True if there are no written pairs.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Length of a visual vector.
    pub fn inputs(&self) -> usize {
        self.scenes.ncols() + self.look.ncols()
    }

    /// Length of an audio vector.
    pub fn outputs(&self) -> usize {
        self.music.ncols()
    }
}

/// Embeds the rows with the pack's text towers. `Ok(None)` when cancelled.
///
/// A `sentence` pack has one text tower: the mean of the class space is subtracted from scenes, that of the tag space
/// from music. In a `clip_clap` pack, CLIP's text tower embeds scenes and CLAP's embeds music.
///
/// # Errors
/// `UnknownClass`; `Shape` where the sizes of the pack's constants differ; `Model` where a tower cannot be opened or run.
pub fn encode(
    pack: &Pack,
    rows: &[BridgeRow],
    options: &SessionOptions,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<Encoded>, TrainingError> {
    let mut reading = Reading {
        done: 0,
        total: 2 * rows.len(),
        progress,
        cancel,
    };
    let scenes: Vec<&str> = rows.iter().map(|r| r.scene.as_str()).collect();
    let music: Vec<&str> = rows.iter().map(|r| r.music.as_str()).collect();
    if pack.manifest.text.kind == TextKind::ClipClap {
        let mut tower = ClipText::open(pack, options)?;
        let Some(scenes) = reading.embed(&mut tower, &scenes)? else {
            return Ok(None);
        };
        drop(tower);
        let mut tower = ClapText::open(pack, options)?;
        let Some(mut music) = reading.embed(&mut tower, &music)? else {
            return Ok(None);
        };
        centre_rows(&mut music);
        let encoded = Encoded {
            seen: vec![Array2::zeros((0, scenes.ncols())); rows.len()],
            classes: Array2::zeros((0, scenes.ncols())),
            look: Array2::zeros((rows.len(), 0)),
            look_scale: Array1::zeros(0),
            tagged: music.clone(),
            shared: false,
            scenes,
            music,
        };
        check(pack, &encoded)?;
        return Ok(Some(encoded));
    }
    let mut tower = SentenceEncoder::open(pack, options)?;
    let Some(mut scenes) = reading.embed(&mut tower, &scenes)? else {
        return Ok(None);
    };
    let Some(mut music) = reading.embed(&mut tower, &music)? else {
        return Ok(None);
    };
    let words = tower.dim();
    let (classes, centre) = space(pack, pack.manifest.visual.class_space.as_deref(), words)?;
    scenes -= &centre;
    unit_rows(&mut scenes);
    let (tags, centre) = space(pack, pack.manifest.audio.tag_space.as_deref(), words)?;
    music -= &centre;
    unit_rows(&mut music);
    let mut tagged = tagged(rows, &music, &tags, &lines(&pack.file(TAG_NAMES)?)?)?;
    centre_rows(&mut tagged);
    centre_rows(&mut music);
    let names = lines(&pack.file(CLASS_NAMES)?)?;
    let look = LookFeatures::open(pack)?;
    let encoded = Encoded {
        seen: seen(rows, &names, &classes)?,
        look: look.expect_rows(rows),
        look_scale: look.scale(),
        tagged,
        classes,
        scenes,
        music,
        shared: true,
    };
    check(pack, &encoded)?;
    Ok(Some(encoded))
}

/// Subtracts the mean row, then scales the rows to length 1.
fn centre_rows(rows: &mut Array2<f32>) {
    if let Some(mean) = rows.mean_axis(ndarray::Axis(0)) {
        *rows -= &mean;
        unit_rows(rows);
    }
}

/// Checks that the vectors have the lengths of the pack's manifest.
fn check(pack: &Pack, encoded: &Encoded) -> Result<(), TrainingError> {
    let sizes = [
        (
            "visual vectors of the pack",
            pack.manifest.visual.dim,
            encoded.inputs(),
        ),
        (
            "audio vectors of the pack",
            pack.manifest.audio.dim,
            encoded.outputs(),
        ),
    ];
    for (what, expected, actual) in sizes {
        if expected != actual {
            return Err(TrainingError::Shape {
                what: what.to_owned(),
                expected,
                actual,
            });
        }
    }
    Ok(())
}

struct Reading<'a> {
    done: usize,
    total: usize,
    progress: &'a mut dyn FnMut(Progress),
    cancel: &'a CancellationToken,
}

impl Reading<'_> {
    fn embed(
        &mut self,
        tower: &mut dyn TextTower,
        texts: &[&str],
    ) -> Result<Option<Array2<f32>>, TrainingError> {
        let mut values = Vec::with_capacity(texts.len() * tower.dim());
        for batch in texts.chunks(BATCH) {
            if self.cancel.is_cancelled() {
                return Ok(None);
            }
            for vector in tower.embed(batch)? {
                values.extend_from_slice(&vector);
            }
            self.done += batch.len();
            let (done, total) = (self.done as u64, self.total as u64);
            (self.progress)(Progress {
                phase: "reading",
                done,
                total,
                score: None,
            });
        }
        let shape = (texts.len(), tower.dim());
        Array2::from_shape_vec(shape, values)
            .map(Some)
            .map_err(|_| TrainingError::Shape {
                what: "text vectors".to_owned(),
                expected: shape.0 * shape.1,
                actual: 0,
            })
    }
}

/// The tensors `vectors` and `mean` of a space file.
fn space(
    pack: &Pack,
    file: Option<&str>,
    words: usize,
) -> Result<(Array2<f32>, Array1<f32>), TrainingError> {
    let Some(file) = file else {
        let what = "spaces of the pack's words".to_owned();
        return Err(TrainingError::Shape {
            what,
            expected: 2,
            actual: 1,
        });
    };
    let mut tensors = Tensors::open(&pack.file(file)?)?;
    let vectors = matrix(tensors.take("vectors", &[None, Some(words)])?);
    Ok((
        vectors,
        Array1::from_vec(tensors.take("mean", &[Some(words)])?.data),
    ))
}

fn lines(path: &Path) -> Result<Vec<String>, TrainingError> {
    let text = fs::read_to_string(path)
        .map_err(|e| TrainingError::io("read the names of the pack", path, e))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn seen(
    rows: &[BridgeRow],
    names: &[String],
    classes: &Array2<f32>,
) -> Result<Vec<Array2<f32>>, TrainingError> {
    let index: BTreeMap<&str, usize> = names
        .iter()
        .enumerate()
        .rev()
        .map(|(i, n)| (n.as_str(), i))
        .collect();
    rows.iter()
        .map(|row| {
            let places = row.seen.iter().map(|name| match index.get(name.as_str()) {
                Some(&i) if i < classes.nrows() => Ok(i),
                _ => Err(TrainingError::UnknownClass { name: name.clone() }),
            });
            let places = places.collect::<Result<Vec<_>, _>>()?;
            Ok(classes.select(ndarray::Axis(0), &places))
        })
        .collect()
}

/// Each description as a mix of tag vectors. The weights are a softmax over the cosines to the tags, with a bonus for tags
/// whose name is in the description.
fn tagged(
    rows: &[BridgeRow],
    music: &Array2<f32>,
    tags: &Array2<f32>,
    names: &[String],
) -> Result<Array2<f32>, TrainingError> {
    if names.len() != tags.nrows() {
        let what = format!("tags named in {TAG_NAMES}");
        return Err(TrainingError::Shape {
            what,
            expected: tags.nrows(),
            actual: names.len(),
        });
    }
    let mut directions = tags.clone();
    unit_rows(&mut directions);
    let mut likeness = music.dot(&directions.t());
    let plain = |text: &str| {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .collect();
        format!(" {} ", words.join(" "))
    };
    let names: Vec<String> = names
        .iter()
        .map(|n| plain(n.split_once(':').map_or(n, |(_, tag)| tag)))
        .collect();
    for (row, mut likeness) in rows.iter().zip(likeness.rows_mut()) {
        let text = plain(&row.music);
        for (name, score) in names.iter().zip(&mut likeness) {
            if text.contains(name.as_str()) {
                *score += TAG_SAID;
            }
        }
        let highest = likeness.fold(f32::NEG_INFINITY, |a, b| a.max(*b));
        likeness.mapv_inplace(|s| ((s - highest) / TAG_TEMPERATURE).exp());
    }
    let mut mixes = likeness.dot(tags);
    unit_rows(&mut mixes);
    Ok(mixes)
}
