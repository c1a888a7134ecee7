//! The commands that the page can call, one file per feature. Each body is one call of the session on a blocking thread, so
//! that neither the page nor the window's thread waits.
#![allow(
    clippy::let_underscore_must_use,
    reason = "Tauri's command macro writes such a let"
)]
#![allow(
    missing_docs,
    reason = "a command does what the session's method of the same name does"
)]

mod app;
mod audition;
mod blocking;
mod clips;
mod library;
mod matches;
mod picks;

use tauri::ipc::Invoke;

/// The commands that the page can call, by name.
pub fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        app::start,
        app::now,
        app::choose_clip,
        app::choose_folder,
        app::settings,
        app::cache,
        app::clear_cache,
        app::fetch_pack,
        app::cancel,
        clips::open_path,
        clips::close_clip,
        clips::recent,
        clips::forget,
        clips::film,
        clips::range,
        matches::match_clip,
        matches::rerank,
        matches::clip_report,
        library::catalog,
        library::index,
        library::search,
        library::similar,
        library::track,
        library::reveal,
        library::drag,
        audition::play,
        audition::pause,
        audition::seek,
        audition::rate,
        audition::select,
        audition::slip,
        audition::levels,
        audition::clock,
        audition::devices,
        audition::choose_device,
        picks::save,
        picks::unsave,
        picks::note,
        picks::move_pick,
        picks::undo,
        picks::redo,
    ]
}
