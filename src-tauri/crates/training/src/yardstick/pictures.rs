//! Yardstick of pictures and clips: does a picture find the brief that was written by looking at it?

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::figures::{Figure, Sample, text};
use super::hubs::Hubs;
use super::places::Place;
use super::rows::{Row, fault_of_label, fault_of_path, fault_of_text};

/// Share of the places that count as near the top.
const TOP: f64 = 0.1;

/// How a picture was made.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// By a camera.
    Photographed,
    /// By hand, with or without a computer.
    Drawn,
    /// By a computer from a scene in three dimensions.
    Rendered,
    /// Mostly writing, such as a picture of a desktop.
    Text,
}

/// A labelled picture or clip. The labels were written by looking at it, with no music known.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct PictureRow {
    /// Name of the package or film that it comes from.
    pub source: String,
    /// Name of the item within the source.
    pub item: String,
    /// Path of the file, relative to the file of rows.
    pub file: String,
    /// Whether the file is a clip.
    #[serde(default)]
    pub clip: bool,
    /// In and out of a clip in seconds; the whole clip where absent.
    #[serde(default)]
    pub range_s: Option<(f64, f64)>,
    /// How it was made.
    pub style: Style,
    /// What music suits it, in six to twelve words.
    pub brief: String,
    /// What it shows, in a sentence.
    #[serde(default)]
    pub scene: String,
    /// Calm to excited; a number within −1 to 1 of which only the order counts.
    #[serde(default)]
    pub arousal: Option<f64>,
    /// Unpleasant to pleasant, likewise.
    #[serde(default)]
    pub valence: Option<f64>,
}

impl Row for PictureRow {
    fn source(&self) -> &str {
        &self.source
    }

    fn fault(&self) -> Option<String> {
        let range = self.range_s.and_then(|(from, to)| {
            (!(0.0 <= from && from < to && to.is_finite()))
                .then(|| format!("expected range_s as rising seconds, got {from} to {to}"))
        });
        fault_of_path(&self.file)
            .or_else(|| fault_of_text("item", &self.item))
            .or_else(|| fault_of_text("brief", &self.brief))
            .or_else(|| fault_of_label("arousal", self.arousal))
            .or_else(|| fault_of_label("valence", self.valence))
            .or(range)
    }
}

/// A picture or clip with what the product made of it.
#[derive(Clone, Debug)]
pub struct SeenPicture<'a> {
    /// The labels.
    pub row: &'a PictureRow,
    /// Place of its own brief among all briefs of the part.
    pub place: Place,
    /// Valence and arousal as the product reads them, −1 to 1.
    pub valence: f64,
    /// Calm (−1) to excited (1), as the product reads it.
    pub arousal: f64,
}

/// Figures of one kind of picture.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PictureScores {
    /// The kind, such as `stills`.
    pub kind: String,
    /// Number of pictures and clips.
    pub items: usize,
    /// Number of sources.
    pub sources: usize,
    /// Mean percentile rank of the own brief among all briefs of the part: 0 is best, 0.5 is chance.
    pub percentile: Option<Figure>,
    /// Mean of the sources' means of it.
    pub percentile_over_sources: Option<Figure>,
    /// Share of pictures whose own brief is in the top tenth; chance is 0.1.
    pub top_tenth: Option<Figure>,
    /// Mean percentile rank among the briefs of the same source.
    pub within_source: Option<Figure>,
    /// How the first places are shared among briefs.
    pub hubs: Option<Hubs>,
    /// Spearman's correlation of arousal: labels against the product.
    pub arousal: Option<Figure>,
    /// Spearman's correlation of valence: labels against the product.
    pub valence: Option<Figure>,
}

/// Figures of the yardstick of pictures.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PicturesReport {
    /// Name of the model pack.
    pub pack: String,
    /// The part that was read: `development` or `locked`.
    pub part: String,
    /// Number of briefs that every picture ranks.
    pub briefs: usize,
    /// One entry per kind of picture, all pictures first.
    pub kinds: Vec<PictureScores>,
}

/// Computes the figures of all pictures and of each kind of them.
pub fn report(pack: &str, part: &str, briefs: usize, seen: &[SeenPicture<'_>]) -> PicturesReport {
    type Kind = (&'static str, fn(&PictureRow) -> bool);
    let kinds: [Kind; 8] = [
        ("all", |_| true),
        ("clips, live action", |r| {
            r.clip && r.style == Style::Photographed
        }),
        ("clips", |r| r.clip),
        ("stills", |r| !r.clip),
        ("photographed", |r| r.style == Style::Photographed),
        ("drawn", |r| r.style == Style::Drawn),
        ("rendered", |r| r.style == Style::Rendered),
        ("text", |r| r.style == Style::Text),
    ];
    let kinds = kinds.into_iter().filter_map(|(kind, is)| {
        let of: Vec<&SeenPicture<'_>> = seen.iter().filter(|s| is(s.row)).collect();
        (!of.is_empty()).then(|| scores(kind, &of, briefs))
    });
    PicturesReport {
        pack: pack.to_owned(),
        part: part.to_owned(),
        briefs,
        kinds: kinds.collect(),
    }
}

fn scores(kind: &str, seen: &[&SeenPicture<'_>], briefs: usize) -> PictureScores {
    let sample = |of: &dyn Fn(&SeenPicture<'_>) -> Option<f64>| {
        let items = seen.iter();
        Sample::new(items.filter_map(|s| Some((s.row.source.as_str(), of(s)?))))
    };
    let felt = |label: fn(&PictureRow) -> Option<f64>, said: fn(&SeenPicture<'_>) -> f64| {
        let items = seen.iter();
        let pairs = items.filter_map(|s| Some((s.row.source.as_str(), (label(s.row)?, said(s)))));
        Sample::new(pairs).spearman()
    };
    let percentile = sample(&|s| Some(s.place.percentile));
    let mean = percentile.mean();
    let first: Vec<usize> = seen.iter().map(|s| s.place.first).collect();
    PictureScores {
        kind: kind.to_owned(),
        items: seen.len(),
        sources: mean.map_or(0, |figure| figure.sources),
        percentile: mean,
        percentile_over_sources: percentile.mean_over_sources(),
        top_tenth: percentile.share_up_to(TOP),
        within_source: sample(&|s| s.place.within).mean(),
        hubs: Hubs::of(&first, briefs),
        arousal: felt(|row| row.arousal, |s| s.arousal),
        valence: felt(|row| row.valence, |s| s.valence),
    }
}

impl PicturesReport {
    /// The report as Markdown tables.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        self.write_markdown(&mut text)
            .expect("writing to a String cannot fail");
        text
    }

    fn write_markdown(&self, f: &mut String) -> std::fmt::Result {
        let (part, briefs) = (&self.part, self.briefs);
        writeln!(
            f,
            "# Pictures and their briefs: pack `{}`, {part} part\n",
            self.pack
        )?;
        writeln!(
            f,
            "Each picture ranks all {briefs} briefs of the part. Percentile of the own brief: 0 is best, 0.5 \
             chance. Top tenth: chance 0.1. Hubs: share of first places of the ten most frequent briefs, of \
             the most frequent one. Intervals hold 95 of 100 resamples of sources.\n"
        )?;
        writeln!(
            f,
            "| kind | items | sources | percentile | over sources | top tenth | within source | hubs |\n\
             |---|---|---|---|---|---|---|---|"
        )?;
        for kind in &self.kinds {
            writeln!(
                f,
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                kind.kind,
                kind.items,
                kind.sources,
                text(kind.percentile.as_ref()),
                text(kind.percentile_over_sources.as_ref()),
                text(kind.top_tenth.as_ref()),
                text(kind.within_source.as_ref()),
                kind.hubs.map_or_else(|| "–".to_owned(), |h| h.text()),
            )?;
        }
        writeln!(
            f,
            "\nArousal and valence: Spearman's correlation of the labels with what the product reads.\n\n\
             | kind | arousal | valence |\n|---|---|---|"
        )?;
        for kind in &self.kinds {
            let (arousal, valence) = (text(kind.arousal.as_ref()), text(kind.valence.as_ref()));
            writeln!(f, "| {} | {arousal} | {valence} |", kind.kind)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(source: &str, clip: bool, style: Style, arousal: f64) -> PictureRow {
        PictureRow {
            source: source.to_owned(),
            item: "one".to_owned(),
            file: "one.png".to_owned(),
            clip,
            range_s: None,
            style,
            brief: "calm piano".to_owned(),
            scene: String::new(),
            arousal: Some(arousal),
            valence: None,
        }
    }

    #[test]
    fn every_kind_of_picture_has_its_own_figures() {
        let mut rows = Vec::new();
        for (at, source) in ["a", "b", "c", "d"].into_iter().enumerate() {
            let level = at as f64 / 4.0;
            rows.push((row(source, false, Style::Drawn, level), 0.8));
            rows.push((row(source, true, Style::Photographed, -level), 0.05));
        }
        let seen: Vec<SeenPicture<'_>> = rows
            .iter()
            .map(|(row, percentile)| SeenPicture {
                row,
                place: Place {
                    percentile: *percentile,
                    within: Some(0.5),
                    first: 3,
                },
                valence: 0.0,
                arousal: row.arousal.unwrap_or(0.0),
            })
            .collect();
        let report = report("embedded", "development", 8, &seen);
        let kind = |name: &str| report.kinds.iter().find(|k| k.kind == name);
        let value = |figure: Option<Figure>| figure.unwrap().value;
        let all = kind("all").unwrap();
        assert_eq!((all.items, all.sources), (8, 4));
        assert!((value(all.percentile) - 0.425).abs() < 1e-12);
        assert!((value(all.arousal) - 1.0).abs() < 1e-12);
        assert_eq!(all.valence, None, "no valence was labelled");
        let live = kind("clips, live action").unwrap();
        assert!((value(live.percentile) - 0.05).abs() < 1e-12);
        assert_eq!(value(live.top_tenth), 1.0);
        assert_eq!(live.hubs.unwrap().largest_share, 1.0);
        assert!((value(kind("drawn").unwrap().percentile) - 0.8).abs() < 1e-12);
        assert!(
            kind("rendered").is_none(),
            "a kind without pictures has no row"
        );
        assert!(
            report
                .to_markdown()
                .contains("| clips, live action | 4 | 4 | 0.050 [0.050, 0.050] |")
        );
    }

    #[test]
    fn a_row_with_a_label_outside_its_range_is_refused() {
        assert_eq!(row("a", true, Style::Drawn, 1.0).fault(), None);
        assert!(row("a", true, Style::Drawn, 1.5).fault().is_some());
        assert!(row("a", true, Style::Drawn, f64::NAN).fault().is_some());
        let mut backwards = row("a", true, Style::Drawn, 0.0);
        backwards.range_s = Some((3.0, 2.0));
        assert!(backwards.fault().is_some());
    }
}
