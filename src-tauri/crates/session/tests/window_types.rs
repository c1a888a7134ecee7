//! The window's TypeScript types, made from the documents of session and engine.
#![allow(clippy::unwrap_used, reason = "a failed step of a test should panic")]

mod common;

use common::committed;
use needledrop_engine as library;
use needledrop_engine::clip::report as clip;
use needledrop_engine::matching;
use needledrop_session::*;
use ts_rs::{Config, TS};

macro_rules! declared {
    ($($name:ty),* $(,)?) => {
        [$(<$name as TS>::decl(&Config::default())),*]
    };
}

/// `NEEDLEDROP_REGENERATE=1 cargo test -p needledrop-session --test window_types` writes the file anew.
#[test]
fn the_windows_types_are_those_of_the_documents() {
    let types = declared![
        Brief,
        CacheUse,
        CatalogState,
        Clip,
        Clock,
        Curve,
        Device,
        Event,
        Fault,
        Filters,
        FoundRows,
        IndexFailure,
        Indexed,
        JobKind,
        JobProgress,
        LeftAlone,
        Levels,
        MatchRequest,
        Opened,
        Output,
        Pick,
        Picture,
        Provider,
        RecentClip,
        Rows,
        Settings,
        Start,
        StartTimecode,
        TermWeights,
        Theme,
        TrackTimeline,
        UndoneStep,
        Voices,
        clip::ClipReport,
        clip::CutDoc,
        clip::HitDoc,
        clip::PeaksDoc,
        clip::PulseDoc,
        clip::TempoCandidateDoc,
        clip::StepCurveDoc,
        clip::ClipReportTimings,
        library::CatalogDoc,
        library::MoodDoc,
        library::RateDoc,
        library::TrackDoc,
        matching::AlignmentDoc,
        matching::BriefDoc,
        matching::ClipDoc,
        matching::LandingDoc,
        matching::MatchReport,
        matching::ReasonsDoc,
        matching::ResultDoc,
        matching::ScoresDoc,
        matching::TimingsDoc,
        needledrop_engine::packs::PackRow,
        needledrop_engine::library::search::SearchRow,
        needledrop_engine::words::BecameDoc,
        needledrop_engine::words::WordDoc,
    ];
    let mut text = String::from(
        "// Made from the documents of the crates session and engine by the test window_types; do not edit. What each field\n\
         // means is written there.\n\n",
    );
    for declared in types {
        text.push_str(&format!("export {declared}\n\n"));
    }
    committed("ui/src/platform/generated.ts", &text, "window_types");
}
