//! Timing of a clip's pictures, from its packets. Pure.

use crate::packets::{Index, Packet};
use needledrop_timebase::FrameRate;

/// Frame rate and distances of pictures.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Rate {
    /// Pictures a second, if there are two pictures: the mean, without the gaps of a few dropped ones.
    pub fps: Option<f64>,
    /// Largest error of `fps` by rounded times, as a share of it.
    pub rounding: f64,
    /// Whether the distances of frames vary.
    pub uneven: bool,
    /// Whether so few distances vary that the rest tells the rate.
    pub few: bool,
    /// Median distance of two pictures in ns; 0 if there are fewer than two.
    pub usual_ns: i64,
    /// Longest distance of two pictures, ns.
    pub longest_ns: i64,
}

/// Rates of containers are believed up to this one, pictures a second. Some write the unit of their clock instead.
const MOST_FPS: f64 = 500.0;
/// Share of the distances that may differ from the usual one without the frame rate being the mean: pictures that were
/// dropped here and there.
const FEW: f64 = 0.05;
/// Containers round times to 1 ms at worst, seconds.
const ROUNDING_S: f64 = 0.0015;
/// A rate within this share of another one may be the same.
const SAME: f64 = 4e-4;

pub(crate) fn rate(index: &Index) -> Rate {
    let mut starts: Vec<i64> = match index.timed {
        true => index
            .packets
            .iter()
            .filter(|p| p.shown)
            .map(|p| p.start_ns)
            .collect(),
        false => index.decoded_ns.clone(),
    };
    starts.sort_unstable();
    // The read may end between a picture and those displayed before it.
    let whole = if index.ended {
        starts.len()
    } else {
        starts.len().saturating_sub(8)
    };
    let steps: Vec<i64> = starts[..whole].windows(2).map(|w| w[1] - w[0]).collect();
    if steps.is_empty() {
        return Rate::default();
    }
    let mut sorted = steps.clone();
    sorted.sort_unstable();
    let usual = sorted[sorted.len() / 2].max(1);
    let differs = |s: &&i64| (**s - usual).abs() > usual / 4 + 2_000_000;
    let others = steps.iter().filter(differs).count();
    let few = others as f64 <= FEW * steps.len() as f64;
    // The mean of the usual distances is that of the pictures, without the dropped ones.
    let (total, count) = match few {
        true => {
            let usual = steps.iter().filter(|s| !differs(s));
            (usual.clone().sum::<i64>(), usual.count())
        }
        false => (steps.iter().sum(), steps.len()),
    };
    let fps = count as f64 * 1e9 / (total.max(1) as f64);
    Rate {
        fps: (total > 0).then_some(fps),
        rounding: ROUNDING_S / (total.max(1) as f64 / 1e9),
        uneven: others > 0,
        few,
        usual_ns: usual,
        longest_ns: steps.iter().copied().max().unwrap_or(usual),
    }
}

impl Rate {
    /// Whether the distances vary so much that there is no rate but their mean.
    pub fn is_variable(&self) -> bool {
        self.uneven && !self.few
    }

    /// The frame rate: the container's where the distances of pictures agree with it, else that of the pictures; 25
    /// where neither is known. In streams of fields a picture may come as two packets.
    pub fn choose(&self, told: Option<FrameRate>, interlaced: bool) -> FrameRate {
        let told = told.filter(|rate| rate.fps() <= MOST_FPS);
        let Some(fps) = self.fps else {
            return told.unwrap_or(FrameRate::FPS_25);
        };
        let near = SAME.max(self.rounding);
        let agrees = |rate: &FrameRate| {
            let same = |fps: f64| (rate.fps() / fps - 1.0).abs() <= near;
            same(fps) || (interlaced && same(fps / 2.0))
        };
        let standard = FrameRate::nearest(fps).ok();
        told.filter(agrees)
            .or(standard)
            .unwrap_or(FrameRate::FPS_25)
    }
}

/// Longest distance in ns of pictures that decode alone, or to the end of the read part; `None`
/// without pictures.
pub(crate) fn key_gap_ns(index: &Index) -> Option<i64> {
    let shown = |p: &&Packet| p.shown;
    let end = index
        .packets
        .iter()
        .filter(shown)
        .map(|p| p.end_ns.unwrap_or(p.start_ns))
        .max()?;
    let entries = index.packets.iter().filter(shown).filter(|p| p.role.entry);
    let mut at: Vec<i64> = entries.map(|p| p.start_ns).chain([end]).collect();
    at.sort_unstable();
    at.windows(2).map(|pair| pair[1] - pair[0]).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rate of pictures that start at these times in ms.
    fn chosen(starts_ms: &[f64], told: Option<FrameRate>) -> (f64, bool) {
        let index = Index {
            timed: false,
            ended: true,
            decoded_ns: starts_ms.iter().map(|ms| (ms * 1e6) as i64).collect(),
            ..Index::default()
        };
        let rate = rate(&index);
        (rate.choose(told, false).fps(), rate.uneven)
    }

    fn even(fps: f64, rounded: bool) -> Vec<f64> {
        let at = |n: u32| f64::from(n) * 1000.0 / fps;
        (0..292)
            .map(|n| if rounded { at(n).round() } else { at(n) })
            .collect()
    }

    #[test]
    fn a_clock_is_not_a_frame_rate() {
        for clock in [600, 15_360, 90_000] {
            let told = FrameRate::new(clock, 1).ok();
            assert_eq!(chosen(&even(25.0, false), told), (25.0, false), "{clock}");
        }
    }

    #[test]
    fn standard_rates_are_exact_also_where_times_are_rounded() {
        for standard in [
            FrameRate::FPS_23_976,
            FrameRate::FPS_24,
            FrameRate::FPS_25,
            FrameRate::FPS_29_97,
            FrameRate::FPS_30,
            FrameRate::FPS_59_94,
            FrameRate::FPS_60,
        ] {
            for rounded in [false, true] {
                let times = even(standard.fps(), rounded);
                assert_eq!(chosen(&times, None), (standard.fps(), false));
                assert_eq!(chosen(&times, Some(standard)), (standard.fps(), false));
            }
        }
        // Ten pictures in ms tell 24 from 23.976 only with the container.
        let few = &even(FrameRate::FPS_23_976.fps(), true)[..10];
        let told = Some(FrameRate::FPS_23_976);
        assert_eq!(chosen(few, told).0, FrameRate::FPS_23_976.fps());
    }

    #[test]
    fn uneven_times_give_their_mean_and_a_dropped_picture_does_not() {
        let phone: Vec<f64> = (0..280)
            .filter(|n| n % 7 != 3)
            .map(|n| f64::from(n) * 40.0)
            .collect();
        let (fps, uneven) = chosen(&phone, FrameRate::new(600, 1).ok());
        assert!((fps - 21.4).abs() < 0.1 && uneven, "{fps}");
        let dropped: Vec<f64> = (0..280)
            .filter(|n| *n != 100)
            .map(|n| f64::from(n) * 40.0)
            .collect();
        assert_eq!(chosen(&dropped, None), (25.0, true));
    }
}
