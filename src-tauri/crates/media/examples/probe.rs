//! Prints the measured properties of clips: `cargo run --example probe -- FILE...`

use std::path::Path;

fn main() {
    for path in std::env::args_os().skip(1) {
        let path = Path::new(&path);
        let began = std::time::Instant::now();
        match needledrop_media::probe(path) {
            Err(error) => println!("{error} [{}]", error.code()),
            Ok(info) => {
                println!(
                    "{:.3} s, {:.3} fps ({}/{}), from {:.3} s, {}, {}x{}, {}: {}, {:.0} ms",
                    info.duration_s,
                    info.rate.fps(),
                    info.rate.num(),
                    info.rate.den(),
                    info.origin_s,
                    info.video_codec,
                    info.width,
                    info.height,
                    info.audio_codec.as_deref().unwrap_or("no sound"),
                    path.display(),
                    began.elapsed().as_secs_f64() * 1000.0,
                );
                for note in &info.notes {
                    println!("    {note} [{}]", note.code());
                }
            }
        }
    }
}
