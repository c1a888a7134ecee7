//! The lanes of a contact sheet. Pure.

use needledrop_engine::clip::report::{ClipReport, StepCurveDoc};
use needledrop_engine::media::Frame;

use super::canvas::{Canvas, DrawError, Ink};
use super::content::{Best, Content, PICTURE_HEIGHT, PICTURES};

const WIDTH: u32 = 1600;
const HEIGHT: u32 = 640;
/// Left and right of the time axis.
const LEFT: f32 = 110.0;
const RIGHT: f32 = 1580.0;

const GROUND: Ink = [22, 24, 29, 255];
const LANE: Ink = [31, 35, 43, 255];
const TEXT: Ink = [205, 210, 220, 255];
const FAINT: Ink = [125, 133, 148, 255];
const CUT: Ink = [240, 96, 96, 255];
const FADE: Ink = [255, 180, 84, 110];
const MOTION: Ink = [79, 176, 198, 220];
const CAMERA: Ink = [44, 92, 108, 255];
const ARC: Ink = [229, 192, 123, 255];
const HIT: Ink = [235, 238, 245, 255];
const BEAT: Ink = [118, 128, 148, 150];
const BAR: Ink = [152, 195, 121, 230];
const WAVE: Ink = [110, 124, 158, 255];
const SPEECH: Ink = [198, 120, 221, 255];

/// Maps seconds of the clip to horizontal pixels.
#[derive(Clone, Copy)]
struct Axis {
    from_s: f64,
    to_s: f64,
}

impl Axis {
    fn x(&self, time_s: f64) -> f32 {
        let share = (time_s - self.from_s) / (self.to_s - self.from_s).max(1e-6);
        LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0) as f32
    }

    fn holds(&self, time_s: f64) -> bool {
        time_s >= self.from_s && time_s <= self.to_s
    }
}

/// Draws the sheet of a clip as PNG, 1600 x 640 pixels; `name` is its headline.
pub(crate) fn draw(
    name: &str,
    report: &ClipReport,
    content: &Content,
) -> Result<Vec<u8>, DrawError> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT, GROUND)?;
    let axis = Axis {
        from_s: report.range_s[0],
        to_s: report.range_s[1],
    };
    headline(&mut canvas, name, report);
    filmstrip(&mut canvas, &content.pictures, 64.0, 92.0);
    cuts(&mut canvas, report, axis, 162.0, 26.0);
    motion(&mut canvas, report, axis, 194.0, 130.0);
    pulse(&mut canvas, report, axis, 330.0, 34.0);
    voices(&mut canvas, report, axis, 370.0, 18.0);
    match &content.best {
        Some(best) => track(&mut canvas, report, best, axis, 394.0, 190.0),
        None => {
            canvas.words(LEFT, 440.0, 15.0, "no track", FAINT);
        }
    }
    ruler(&mut canvas, axis, 604.0);
    canvas.png()
}

fn lane(canvas: &mut Canvas, name: &str, y: f32, height: f32) {
    canvas.block(LEFT, y, RIGHT - LEFT, height, LANE);
    canvas.words(14.0, y + height / 2.0, 13.0, name, FAINT);
}

fn headline(canvas: &mut Canvas, name: &str, report: &ClipReport) {
    let end = canvas.words(14.0, 24.0, 20.0, &shortened(name, 60), TEXT);
    let tempo = match report.tempo.bpm {
        Some(bpm) if report.tempo.confidence >= 0.3 => format!("{bpm:.1} BPM"),
        _ => "no pulse".to_owned(),
    };
    let mood = &report.mood;
    let facts = format!(
        "{:.1} s   {} shots   {tempo}   {}: action {:.0} %, sad {:.0} %, happy {:.0} %, calm {:.0} %",
        report.range_s[1] - report.range_s[0],
        report.cuts.len() + 1,
        report.mood_label,
        mood.action * 100.0,
        mood.sad * 100.0,
        mood.happy * 100.0,
        mood.calm * 100.0
    );
    canvas.words(end + 26.0, 25.0, 14.0, &facts, FAINT);
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{kept}…")
}

fn filmstrip(canvas: &mut Canvas, pictures: &[Frame], y: f32, height: f32) {
    lane(canvas, "picture", y - 2.0, height);
    let each = (RIGHT - LEFT) / PICTURES as f32;
    for (i, frame) in pictures.iter().enumerate().take(PICTURES) {
        // The middle of the picture, as wide as its place.
        let room = (each as u32 - 2).min(frame.width).max(1);
        let skip = (frame.width - room) / 2;
        let rows = frame.height.min(PICTURE_HEIGHT);
        let rgb: Vec<u8> = frame
            .rgb
            .chunks_exact(frame.width as usize * 3)
            .take(rows as usize)
            .flat_map(|row| &row[skip as usize * 3..(skip + room) as usize * 3])
            .copied()
            .collect();
        let x = LEFT + i as f32 * each + (each - room as f32) / 2.0;
        canvas.picture(x, y - 1.0, (room, rows), &rgb);
    }
}

fn cuts(canvas: &mut Canvas, report: &ClipReport, axis: Axis, y: f32, height: f32) {
    lane(canvas, "cuts", y, height);
    for cut in &report.cuts {
        let x = axis.x(cut.time_s);
        if let Some([from, to]) = cut.span_s {
            canvas.block(
                axis.x(from),
                y + 4.0,
                axis.x(to) - axis.x(from),
                height - 8.0,
                FADE,
            );
        }
        let width = if cut.kind == "cut" { 2.0 } else { 1.0 };
        canvas.tick(x, y, y + height, width, CUT);
    }
}

fn motion(canvas: &mut Canvas, report: &ClipReport, axis: Axis, y: f32, height: f32) {
    lane(canvas, "motion", y, height);
    let most = report.motion.values.iter().copied().fold(0.05, f64::max);
    let share = |curve: &StepCurveDoc| -> Vec<f32> {
        curve
            .values
            .iter()
            .map(|v| ((v / most) as f32).sqrt())
            .collect()
    };
    let room = ((LEFT, y), (RIGHT - LEFT, height));
    canvas.area(room.0, room.1, &share(&report.motion), MOTION);
    canvas.area(room.0, room.1, &share(&report.camera), CAMERA);
    let arc: Vec<f32> = report.arc.values.iter().map(|&v| v as f32).collect();
    canvas.curve(room.0, room.1, &arc, ARC);
    for hit in &report.hits {
        let tall = (4.0 + 14.0 * hit.strength) as f32;
        canvas.tick(axis.x(hit.time_s), y, y + tall, 1.5, HIT);
    }
    let mut x = LEFT + 8.0;
    for (name, ink) in [
        ("all", MOTION),
        ("camera", CAMERA),
        ("arc", ARC),
        ("hits", HIT),
    ] {
        x = canvas.words(x, y + 28.0, 11.0, name, ink) + 10.0;
    }
}

fn pulse(canvas: &mut Canvas, report: &ClipReport, axis: Axis, y: f32, height: f32) {
    lane(canvas, "pulse", y, height);
    for &beat in &report.beats_s {
        canvas.tick(axis.x(beat), y + 4.0, y + height - 4.0, 2.0, ARC);
    }
    let mut x = LEFT + 8.0;
    for reading in report.tempo.candidates.iter().take(3) {
        let text = format!("{:.1} BPM {:.0} %", reading.bpm, reading.weight * 100.0);
        x = canvas.words(x, y + height / 2.0, 12.0, &text, FAINT) + 16.0;
    }
    let sure = format!("confidence {:.2}", report.tempo.confidence);
    canvas.words(RIGHT - 150.0, y + height / 2.0, 12.0, &sure, FAINT);
}

fn voices(canvas: &mut Canvas, report: &ClipReport, axis: Axis, y: f32, height: f32) {
    lane(canvas, "speech", y, height);
    match &report.speech_s {
        Some(speech) => {
            for &[from, to] in speech {
                canvas.block(
                    axis.x(from),
                    y + 3.0,
                    axis.x(to) - axis.x(from),
                    height - 6.0,
                    SPEECH,
                );
            }
        }
        None => {
            canvas.words(LEFT + 8.0, y + height / 2.0, 11.0, "no sound", FAINT);
        }
    }
}

fn track(canvas: &mut Canvas, report: &ClipReport, best: &Best, axis: Axis, y: f32, height: f32) {
    let row = &best.row;
    lane(canvas, "music", y, height);
    let start_s = row.track.start_s;
    // Seconds of the track to seconds of the clip.
    let to_clip = |track_s: f64| axis.from_s + track_s - start_s;
    let wave = &best.details.curves.peaks_fine;
    if wave.rate_hz > 0.0 {
        let columns = (RIGHT - LEFT) as usize / 2;
        let step = (axis.to_s - axis.from_s) / columns as f64;
        let values: Vec<f32> = (0..columns)
            .map(|i| wave.at(start_s + i as f64 * step).unwrap_or(0.0))
            .collect();
        let (middle, half) = (y + height / 2.0 + 8.0, height / 2.0 - 26.0);
        for (i, value) in values.iter().enumerate() {
            let tall = half * value;
            canvas.block(LEFT + i as f32 * 2.0, middle - tall, 1.5, 2.0 * tall, WAVE);
        }
    }
    if let Some(beats) = &best.details.beats {
        for (at, &beat) in beats.times_s.iter().enumerate() {
            let clip_s = to_clip(beat);
            if !axis.holds(clip_s) {
                continue;
            }
            let bar = beats.downbeats.binary_search(&(at as u32)).is_ok();
            let (top, width, ink) = if bar {
                (28.0, 1.6, BAR)
            } else {
                (46.0, 1.0, BEAT)
            };
            canvas.tick(axis.x(clip_s), y + top, y + height - 6.0, width, ink);
        }
    }
    // Lines connect the cuts with the beats that they land on.
    let landings = row.alignment.as_ref().map_or(&[][..], |a| &a.landings);
    for landing in landings {
        if report
            .cuts
            .iter()
            .any(|c| (c.time_s - landing.clip_s).abs() < 0.02)
        {
            let x = axis.x(landing.clip_s);
            canvas.tick(x, 188.0, y + 26.0, 1.0, [240, 96, 96, 90]);
            canvas.block(x - 3.0, y + 22.0, 6.0, 6.0, CUT);
        }
    }
    let by = row.track.artist.as_deref().unwrap_or("unknown");
    let title = shortened(&format!("{} – {by}", row.track.title), 60);
    let end = canvas.words(LEFT + 8.0, y + 12.0, 14.0, &title, TEXT);
    let landed = row
        .alignment
        .as_ref()
        .filter(|a| a.cuts > 0)
        .map_or(String::new(), |a| {
            format!(", {} of {} cuts on its beats", a.cuts_landed, a.cuts)
        });
    let bpm = row
        .track
        .bpm
        .map_or(String::new(), |b| format!("{b:.0} BPM, "));
    let facts = format!("{bpm}from {start_s:.2} s{landed}, score {:.2}", row.score);
    canvas.words(end + 20.0, y + 12.0, 12.0, &facts, FAINT);
}

fn ruler(canvas: &mut Canvas, axis: Axis, y: f32) {
    let length_s = axis.to_s - axis.from_s;
    let step = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
        .into_iter()
        .find(|step| length_s / step <= 16.0)
        .unwrap_or(30.0);
    let mut at = (axis.from_s / step).ceil() * step;
    while at <= axis.to_s + 1e-6 {
        let x = axis.x(at);
        canvas.tick(x, y - 14.0, y - 6.0, 1.0, FAINT);
        let text = if step < 1.0 {
            format!("{at:.1}")
        } else {
            format!("{}:{:02}", at as u64 / 60, at as u64 % 60)
        };
        canvas.words(x - 12.0, y + 4.0, 12.0, &text, FAINT);
        at += step;
    }
}
