//! Bounds of sample rate and channel count, and the position of each channel.

use symphonia::core::audio::{ChannelLabel, Channels, Position};

use crate::loudness::Speaker;

/// Lowest and highest supported sample rate, Hz.
pub const SAMPLE_RATES_HZ: (u32, u32) = (8_000, 384_000);
/// Largest supported number of channels.
pub const MAX_CHANNELS: usize = 24;

/// Checks a sample rate; the error holds the expected and the actual value.
pub(super) fn check_rate(rate_hz: u32) -> Result<(), (String, String)> {
    let (least, most) = SAMPLE_RATES_HZ;
    if (least..=most).contains(&rate_hz) {
        return Ok(());
    }
    Err((
        format!("a sample rate of {least} to {most} Hz"),
        format!("{rate_hz} Hz"),
    ))
}

/// Checks a channel count in the same way.
pub(super) fn check_channels(channels: usize) -> Result<(), (String, String)> {
    if (1..=MAX_CHANNELS).contains(&channels) {
        return Ok(());
    }
    Err((
        format!("1 to {MAX_CHANNELS} channels"),
        format!("{channels}"),
    ))
}

/// Position of each channel, in the order of the samples. Readers that only know a channel count
/// declare the first positions of WAVE; then the usual order of the count is taken instead.
pub(super) fn speakers(channels: &Channels) -> Vec<Speaker> {
    let count = channels.count();
    match channels {
        Channels::Positioned(all) if Position::from_count(count as u32) != Some(*all) => {
            all.iter().map(|position| speaker(position, *all)).collect()
        }
        Channels::Custom(labels) => {
            let positions = labels.iter().map(|label| match label {
                ChannelLabel::Positioned(position) => *position,
                _ => Position::empty(),
            });
            let all = positions.clone().fold(Position::empty(), |all, p| all | p);
            positions.map(|position| speaker(position, all)).collect()
        }
        _ => Speaker::usual(count),
    }
}

/// ITU-R BS.1770-4, table 4: a channel 60° to 120° to the side is a surround, one further behind is
/// not. With five channels the surrounds are at 110°, whatever the file calls them.
fn speaker(position: Position, all: Position) -> Speaker {
    let sides = Position::SIDE_LEFT | Position::SIDE_RIGHT;
    let rears = Position::REAR_LEFT | Position::REAR_RIGHT;
    let surrounds = if all.intersects(sides) { sides } else { rears };
    if (Position::LFE1 | Position::LFE2).intersects(position) {
        Speaker::LowFrequency
    } else if surrounds.intersects(position) {
        Speaker::Surround
    } else {
        Speaker::Front
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Speaker::{Front, LowFrequency, Surround};

    #[test]
    fn five_point_one_is_recognised_with_side_and_with_back_surrounds() {
        let front = Position::FRONT_LEFT | Position::FRONT_RIGHT | Position::FRONT_CENTER;
        let side = front | Position::LFE1 | Position::SIDE_LEFT | Position::SIDE_RIGHT;
        let rear = front | Position::LFE1 | Position::REAR_LEFT | Position::REAR_RIGHT;
        let want = [Front, Front, Front, LowFrequency, Surround, Surround];
        for all in [side, rear] {
            assert_eq!(speakers(&Channels::Positioned(all)), want, "{all}");
        }
        let seven = Channels::Positioned(side | rear);
        let want = [
            Front,
            Front,
            Front,
            LowFrequency,
            Front,
            Front,
            Surround,
            Surround,
        ];
        assert_eq!(speakers(&seven), want, "the rears of 7.1 are behind 120°");
    }

    #[test]
    fn a_layout_without_low_frequencies_keeps_its_surrounds() {
        let quad = Position::FRONT_LEFT
            | Position::FRONT_RIGHT
            | Position::REAR_LEFT
            | Position::REAR_RIGHT;
        assert_eq!(
            speakers(&Channels::Positioned(quad)),
            [Front, Front, Surround, Surround]
        );
    }

    #[test]
    fn a_channel_count_without_positions_gets_the_usual_order() {
        for channels in [
            Channels::Discrete(4),
            Channels::Positioned(Position::from_count(4).unwrap()),
        ] {
            assert_eq!(speakers(&channels), [Front, Front, Surround, Surround]);
        }
        assert_eq!(speakers(&Channels::Discrete(24)), [Front; 24], "stems");
    }
}
