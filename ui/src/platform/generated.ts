// Made from the documents of the crates session and engine by the test window_types; do not edit. What each field
// means is written there.

export type Brief = { 
/**
 * In words.
 */
text: string, 
/**
 * Share of the words in the query against the picture, 0 to 1.
 */
words_share: number, 
/**
 * Id of a track that the music should sound like.
 */
reference: string | null, weights: TermWeights, filters: Filters, 
/**
 * Cut sensitivity, 0 to 1.
 */
sensitivity: number, };

export type CacheUse = { path: string, bytes: number, };

export type CatalogState = { "kind": "ready", id: string, epoch: number, tracks: number, path: string, licences: Array<string>, tags: Array<string>, } | { "kind": "missing", path: string, } | { "kind": "empty", path: string, } | { "kind": "broken", path: string, fault: Fault, };

export type Clip = { 
/**
 * The clip's id: every call that changes the clip names it.
 */
clip: string, path: string, 
/**
 * File name.
 */
name: string, duration_s: number, 
/**
 * Frame rate as a fraction.
 */
fps_num: number, fps_den: number, 
/**
 * Timecode of the first frame, where camera or recorder wrote one.
 */
start_timecode: StartTimecode | null, 
/**
 * Name of the reel, tape or card, where the file holds one.
 */
reel: string | null, 
/**
 * As shown: pixel aspect and rotation applied.
 */
width: number, height: number, 
/**
 * Video codec in words.
 */
codec: string, has_audio: boolean, 
/**
 * In and out.
 */
range_s: [number, number], 
/**
 * The clip is longer than a match may be and the editor has not chosen a range yet.
 */
ask_range: boolean, picture: Picture, 
/**
 * The brief in words.
 */
brief: string, 
/**
 * Share of the words in the query against the picture, 0 to 1.
 */
words_share: number, weights: TermWeights, filters: Filters, 
/**
 * Cut sensitivity, 0 to 1.
 */
sensitivity: number, picks: Array<Pick>, };

export type Clock = { 
/**
 * Seconds of the clip that are heard at `at_ms`.
 */
position_s: number, 
/**
 * Milliseconds of the session's own monotonic clock.
 */
at_ms: number, playing: boolean, 
/**
 * Seconds of the clip a second; negative plays backwards.
 */
rate: number, range_s: [number, number], looping: boolean, 
/**
 * The selected track.
 */
track_id: string | null, 
/**
 * Second of the track at the in-point.
 */
start_s: number, 
/**
 * Absent where there is no sound device.
 */
output: Output | null, 
/**
 * Times the device ran out of samples.
 */
underruns: number, };

export type Curve = { 
/**
 * Values a second.
 */
rate_hz: number, values: Array<number>, };

export type Device = { id: string, name: string, 
/**
 * The system's default device.
 */
standard: boolean, };

export type Event = { "kind": "progress", progress: JobProgress, } | { "kind": "job_ended", job: number, job_kind: JobKind, fault: Fault | null, cancelled: boolean, } | { "kind": "rows", rows: Rows, report: ClipReport | null, } | { "kind": "film", clip: string, index: number, count: number, time_s: number, url: string, } | { "kind": "picture", clip: string, picture: Picture, } | { "kind": "clock", clock: Clock, } | { "kind": "ended" } | { "kind": "device", output: Output | null, lost: string | null, } | { "kind": "track_failed", track_id: string, message: string, } | { "kind": "catalog", catalog: CatalogState, } | { "kind": "open", path: string, } | { "kind": "not_saved", fault: Fault, };

export type Fault = { 
/**
 * Stable snake_case code.
 */
code: string, 
/**
 * What was expected and what came.
 */
message: string, 
/**
 * What to do about it.
 */
hint: string | null, };

export type Filters = { 
/**
 * Beats per minute, from and to.
 */
bpm: [number, number] | null, 
/**
 * Camelot code that its key must fit.
 */
key: string | null, 
/**
 * Tags that it must carry.
 */
tags: Array<string>, voices: Voices, 
/**
 * Length in seconds, from and to.
 */
duration_s: [number, number] | null, 
/**
 * Licences, one of which it must have.
 */
licences: Array<string>, };

export type FoundRows = { results: Array<SearchRow>, 
/**
 * Peaks of each track by id, 0 to 255 over its whole length.
 */
peaks: { [key in string]: Array<number> }, };

export type JobKind = "match" | "watch" | "proxy" | "film" | "index" | "pack";

export type JobProgress = { 
/**
 * Number of the job.
 */
job: number, 
/**
 * What the job does.
 */
kind: JobKind, 
/**
 * What is being done, in a word or two; a file's name where the units are files.
 */
phase: string, 
/**
 * Units done.
 */
done: number, 
/**
 * Units in all; 0 while unknown.
 */
total: number, 
/**
 * Estimated seconds to the end.
 */
left_s: number | null, 
/**
 * Files done in a minute, where the units are files.
 */
files_per_minute: number | null, };

export type Levels = { 
/**
 * Fader of the music, 0 to 1.
 */
music: number, 
/**
 * Fader of the clip's own sound, 0 to 1.
 */
clip: number, 
/**
 * Lowers the music under speech.
 */
duck: boolean, 
/**
 * Plays all tracks at the same loudness (EBU R128).
 */
match_loudness: boolean, };

export type MatchRequest = { clip: string, range_s: [number, number], brief: Brief, };

export type Opened = { "kind": "clip", clip: Clip, } | { "kind": "bin", path: string, clips: Array<RecentClip>, } | { "kind": "superseded" };

export type Output = { name: string, rate_hz: number, buffer_frames: number, 
/**
 * From the mixer to the loudspeaker.
 */
latency_ms: number, };

export type Pick = { track_id: string, title: string, artist: string | null, bpm: number | null, camelot: string | null, licence: string | null, 
/**
 * Second of the track at the in-point.
 */
start_s: number, 
/**
 * The range that it was picked for.
 */
range_s: [number, number], note: string, 
/**
 * Milliseconds since 1970.
 */
saved_ms: number, 
/**
 * The track's file is missing.
 */
gone: boolean, };

export type Picture = { "kind": "direct", url: string, } | { "kind": "proxy", url: string, reason: string, } | { "kind": "making", reason: string, };

export type Provider = "auto" | "cpu" | "cuda";

export type RecentClip = { 
/**
 * Empty where the clip was never opened.
 */
clip: string, path: string, 
/**
 * File name.
 */
name: string, 
/**
 * Name of the folder that holds it.
 */
folder: string, 
/**
 * 0 where the clip was never opened.
 */
duration_s: number, 
/**
 * The file is missing.
 */
gone: boolean, 
/**
 * Number of picks.
 */
picks: number, 
/**
 * Its poster.
 */
film_url: string | null, };

export type Rows = { 
/**
 * Number of the match; a later match has a higher one.
 */
match: number, 
/**
 * What the editor should know beside the rows.
 */
warnings: Array<string>, 
/**
 * Peaks of each track by id, 0 to 255 over its whole length.
 */
peaks: { [key in string]: Array<number> }, 
/**
 * The clip.
 */
clip: ClipDoc, 
/**
 * Name of the pack.
 */
pack: string, 
/**
 * What ran the frame encoder: `cpu`, `cuda`, …
 */
provider: string, 
/**
 * The catalog.
 */
catalog: CatalogDoc, 
/**
 * What the music should be.
 */
brief: BriefDoc, 
/**
 * Probability that a person prefers the best row over a typical piece of music for the picture, 0
 * to 1; 0.5 where it fits no better than any. Calibrated on choices that people made where the
 * pack has some; with words or a reference it tells only how far the best stands out of the
 * catalog.
 */
confidence: number, 
/**
 * There is no good match in this catalog: the confidence is too low to call one good.
 */
no_good_match: boolean, 
/**
 * The rows know how the picture moves and sounds; else only what it shows.
 */
refined: boolean, 
/**
 * Where the time went.
 */
timings_ms: TimingsDoc, 
/**
 * Tracks that were ranked.
 */
candidates: number, 
/**
 * The tracks, best first.
 */
results: Array<ResultDoc>, };

export type Settings = { 
/**
 * Folder of the catalog; empty for the default one.
 */
catalog: string, 
/**
 * Folders of the editor's own music.
 */
folders: Array<string>, 
/**
 * Name of the model pack.
 */
pack: string, provider: Provider, 
/**
 * Id of the sound device; absent for the system's default.
 */
device: string | null, 
/**
 * Disk space for proxies, in 10^9 bytes.
 */
cache_limit_gb: number, theme: Theme, levels: Levels, 
/**
 * Share of the window's width that the picture takes.
 */
split: number, 
/**
 * Play the first row as soon as it is found.
 */
play_first: boolean, };

export type Start = { version: string, settings: Settings, catalog: CatalogState, packs: Array<PackRow>, 
/**
 * Providers that can be chosen on this system.
 */
providers: Array<Provider>, recent: Array<RecentClip>, devices: Array<Device>, clock: Clock, 
/**
 * A path that the application was started with.
 */
open: string | null, 
/**
 * What the editor should know from the start, for example a setting that could not be kept.
 */
notices: Array<Fault>, };

export type StartTimecode = { 
/**
 * Frames since 00:00:00:00.
 */
frame: number, drop_frame: boolean, };

export type TermWeights = { visual: number, tempo: number, tags: number, key: number, };

export type Theme = "dark" | "light" | "system";

export type TrackTimeline = { track_id: string, duration_s: number, bpm: number | null, beats_s: Array<number>, 
/**
 * Indices of the beats that begin a bar.
 */
downbeats: Array<number>, 
/**
 * Beats in a bar; 0 where that is unknown.
 */
per_bar: number, 
/**
 * Absolute peaks, 0 to 255.
 */
peaks: Curve, 
/**
 * Integrated loudness.
 */
loudness_lufs: number | null, 
/**
 * `ends`, `fades` or `cut off`, where that is known.
 */
ending: string | null, 
/**
 * Where the ending begins.
 */
ending_s: number | null, };

export type UndoneStep = { 
/**
 * The step in words.
 */
what: string, 
/**
 * The clip that it changed.
 */
clip: string | null, 
/**
 * That clip's picks now.
 */
picks: Array<Pick> | null, };

export type Voices = "any" | "instrumental" | "vocal";

export type ClipReport = { 
/**
 * Length of the whole clip in seconds.
 */
duration_s: number, 
/**
 * In and out in seconds.
 */
range_s: [number, number], 
/**
 * Frames a second; the mean where they come unevenly.
 */
fps: number, 
/**
 * Shot boundaries in time order.
 */
cuts: Array<CutDoc>, 
/**
 * The tempo that cuts and motion follow.
 */
tempo: PulseDoc, 
/**
 * All that moves, picture widths a second.
 */
motion: StepCurveDoc, 
/**
 * What of it the camera does.
 */
camera: StepCurveDoc, 
/**
 * Lightness, 0 to 1.
 */
brightness: StepCurveDoc, 
/**
 * Deviation of lightness over the picture, 0 to 1.
 */
contrast: StepCurveDoc, 
/**
 * HSV saturation, 0 to 1.
 */
saturation: StepCurveDoc, 
/**
 * Above 0 warm, below 0 cold, about -1 to 1.
 */
warmth: StepCurveDoc, 
/**
 * How much is going on, 0 to 1: motion and the pace of the cuts.
 */
arc: StepCurveDoc, 
/**
 * Where something hits, turns or stops.
 */
hits: Array<HitDoc>, 
/**
 * Cuts and hits that lie on the tempo; empty without one.
 */
beats_s: Array<number>, 
/**
 * Shares of the four moods.
 */
mood: MoodDoc, 
/**
 * The mood in two letters, such as `HC`: the strongest and what it leans to.
 */
mood_label: string, 
/**
 * Unpleasant -1 to 1 pleasant.
 */
valence: number, 
/**
 * Calm -1 to 1 excited.
 */
arousal: number, 
/**
 * `major`, `minor`, or `null` where the picture suggests neither.
 */
mode: string | null, 
/**
 * Where somebody speaks; `null` where there is no sound to tell.
 */
speech_s: Array<[number, number]> | null, 
/**
 * Whether there is music in the clip already; `null` where there is no sound.
 */
music_present: boolean | null, 
/**
 * The outline of the clip's sound from the in-point on; absent where there is none.
 */
sound_peaks: PeaksDoc | null, 
/**
 * Integrated loudness of the clip's sound, LUFS.
 */
loudness_lufs: number | null, 
/**
 * Part of the range was missing or damaged; the rest was used.
 */
corrupt: boolean, 
/**
 * Where the time went.
 */
timings_ms: ClipReportTimings, };

export type CutDoc = { 
/**
 * First frame of the new shot; the middle of a fade or dissolve.
 */
time_s: number, 
/**
 * `cut`, `fade` or `dissolve`.
 */
kind: string, 
/**
 * How clear it is, 0 to 1.
 */
score: number, 
/**
 * First and last moment of a fade or dissolve.
 */
span_s: [number, number] | null, };

export type HitDoc = { 
/**
 * When.
 */
time_s: number, 
/**
 * How hard, 0 to 1.
 */
strength: number, };

export type PeaksDoc = { 
/**
 * Peaks a second.
 */
rate_hz: number, 
/**
 * The loudest sample of each span, 0 to 1.
 */
values: Array<number>, };

export type PulseDoc = { 
/**
 * Beats per minute; `null` where there is nothing to read.
 */
bpm: number | null, 
/**
 * 0 to 1; below 0.3 there is no pulse worth the name.
 */
confidence: number, 
/**
 * The readings, best first.
 */
candidates: Array<TempoCandidateDoc>, };

export type TempoCandidateDoc = { bpm: number, weight: number, };

export type StepCurveDoc = { 
/**
 * Seconds from one value to the next.
 */
step_s: number, 
/**
 * The values.
 */
values: Array<number>, };

export type ClipReportTimings = { 
/**
 * What is in the picture: frames and embedding.
 */
show: number, 
/**
 * What moves and sounds; a few milliseconds where it was kept from the last time.
 */
watch: number, 
/**
 * All of it.
 */
total: number, };

export type CatalogDoc = { 
/**
 * Its name.
 */
id: string, 
/**
 * Version number of its content; 0 for a catalog that was indexed here.
 */
epoch: bigint, 
/**
 * Number of tracks.
 */
tracks: number, };

export type MoodDoc = { action: number, sad: number, happy: number, calm: number, };

export type TrackDoc = { 
/**
 * Id.
 */
track_id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Artist.
 */
artist: string | null, 
/**
 * Tempo, beats per minute, to a tenth.
 */
bpm: number | null, 
/**
 * Key, such as `C#m`.
 */
key: string | null, 
/**
 * Camelot code of the key, such as `12A`.
 */
camelot: string | null, 
/**
 * Length in seconds.
 */
duration_s: number, 
/**
 * Where to start it, in seconds: its section that fits best.
 */
start_s: number, 
/**
 * Licence.
 */
licence: string | null, 
/**
 * The file.
 */
path: string, };

export type AlignmentDoc = { 
/**
 * Probability that the edit goes with this track, 0 to 1; 0.5 where nothing tells.
 */
score: number, 
/**
 * Cuts that land on a beat.
 */
cuts_landed: number, 
/**
 * Cuts that could.
 */
cuts: number, 
/**
 * What lands, in time order.
 */
landings: Array<LandingDoc>, };

export type BriefDoc = { 
/**
 * Tempo asked for (the middle of the range), else the picture's own pulse; `null` where that has a confidence
 * below 0.3.
 */
tempo_bpm: number | null, 
/**
 * Confidence of the tempo asked for or of the pulse, 0 to 1.
 */
tempo_confidence: number, 
/**
 * `major`, `minor` or `null`.
 */
mode: string | null, 
/**
 * Shares of the four moods.
 */
mood: MoodDoc | null, 
/**
 * The largest of them and what it leans to, in two letters such as `HC`.
 */
mood_label: string | null, 
/**
 * Share of the range in which somebody speaks, 0 to 1.
 */
speech: number, 
/**
 * The brief in words.
 */
text: string | null, 
/**
 * What the words were understood to want.
 */
wanted: Array<string>, 
/**
 * And to refuse.
 */
unwanted: Array<string>, };

export type ClipDoc = { 
/**
 * The file, as it was given.
 */
path: string, 
/**
 * Length of the whole clip in seconds.
 */
duration_s: number, 
/**
 * In and out in seconds.
 */
range_s: [number, number], 
/**
 * Sampling times, one a second.
 */
frames: number, };

export type LandingDoc = { 
/**
 * Seconds of the clip.
 */
clip_s: number, 
/**
 * Seconds of the track.
 */
track_s: number, 
/**
 * `beat`, `bar` or `climax`.
 */
on: string, };

export type MatchReport = { 
/**
 * The clip.
 */
clip: ClipDoc, 
/**
 * Name of the pack.
 */
pack: string, 
/**
 * What ran the frame encoder: `cpu`, `cuda`, …
 */
provider: string, 
/**
 * The catalog.
 */
catalog: CatalogDoc, 
/**
 * What the music should be.
 */
brief: BriefDoc, 
/**
 * Probability that a person prefers the best row over a typical piece of music for the picture, 0
 * to 1; 0.5 where it fits no better than any. Calibrated on choices that people made where the
 * pack has some; with words or a reference it tells only how far the best stands out of the
 * catalog.
 */
confidence: number, 
/**
 * There is no good match in this catalog: the confidence is too low to call one good.
 */
no_good_match: boolean, 
/**
 * The rows know how the picture moves and sounds; else only what it shows.
 */
refined: boolean, 
/**
 * Where the time went.
 */
timings_ms: TimingsDoc, 
/**
 * Tracks that were ranked.
 */
candidates: number, 
/**
 * The tracks, best first.
 */
results: Array<ResultDoc>, };

export type ReasonsDoc = { visual: string, tempo: string, tags: string, key: string, };

export type ResultDoc = { 
/**
 * Place, from 1.
 */
rank: number, 
/**
 * Weighted mean of the scores, 0 to 1.
 */
score: number, 
/**
 * The four scores.
 */
scores: ScoresDoc, 
/**
 * Played from `start_s`, the track ends before the range does; such rows stand behind the others.
 */
too_short: boolean, 
/**
 * How it meets the picture in time from `start_s` on; absent from the first rows.
 */
alignment: AlignmentDoc | null, 
/**
 * The reasons that moved it most.
 */
why: string, 
/**
 * Why each score is what it is.
 */
reasons: ReasonsDoc, 
/**
 * Its strongest tags.
 */
tags: Array<string>, 
/**
 * Share of it in which somebody sings or speaks, where that is known.
 */
vocal: number | null, 
/**
 * The line of credit that its licence asks for.
 */
attribution: string | null, 
/**
 * Where it comes from.
 */
source: string | null, 
/**
 * Id.
 */
track_id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Artist.
 */
artist: string | null, 
/**
 * Tempo, beats per minute, to a tenth.
 */
bpm: number | null, 
/**
 * Key, such as `C#m`.
 */
key: string | null, 
/**
 * Camelot code of the key, such as `12A`.
 */
camelot: string | null, 
/**
 * Length in seconds.
 */
duration_s: number, 
/**
 * Where to start it, in seconds: its section that fits best.
 */
start_s: number, 
/**
 * Licence.
 */
licence: string | null, 
/**
 * The file.
 */
path: string, };

export type ScoresDoc = { visual: number, tempo: number, tags: number, key: number, };

export type TimingsDoc = { 
/**
 * Waiting for frames that were not decoded yet.
 */
sample: number, 
/**
 * Loading the frame encoder and embedding.
 */
embed: number, 
/**
 * Loading the projector and projecting.
 */
project: number, 
/**
 * Waiting for catalog and brief text, searching, and reading the candidates.
 */
search: number, 
/**
 * Ranking, reasons, and choosing where each track starts.
 */
rerank: number, 
/**
 * Until the first rows: the five above together.
 */
first_rows: number, 
/**
 * Watching and hearing the whole range, after the first rows; a few milliseconds where that was
 * kept from the last time, 0 where it was not asked for.
 */
watch: number, 
/**
 * Laying every candidate under the picture, and ranking again.
 */
refine: number, 
/**
 * All of it.
 */
total: number, };

export type PackRow = { 
/**
 * Name.
 */
name: string, 
/**
 * Version.
 */
version: number, 
/**
 * One line about it.
 */
title: string, 
/**
 * True where it stands in for a better one.
 */
stand_in: boolean, 
/**
 * SPDX expression over all its files.
 */
licence: string, 
/**
 * Id of its audio space.
 */
space: string, 
/**
 * Folder of its manifest.
 */
path: string, 
/**
 * Files that are not on this machine, or that have another length than recorded.
 */
missing: Array<string>, 
/**
 * True when all files are here.
 */
ready: boolean, };

export type SearchRow = { 
/**
 * Place, from 1.
 */
rank: number, 
/**
 * Cosine to the query, -1 to 1.
 */
score: number, 
/**
 * Its strongest tags.
 */
tags: Array<string>, 
/**
 * Share of it in which somebody sings or speaks, where that is known.
 */
vocal: number | null, 
/**
 * The line of credit that its licence asks for.
 */
attribution: string | null, 
/**
 * Where it comes from.
 */
source: string | null, 
/**
 * Id.
 */
track_id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Artist.
 */
artist: string | null, 
/**
 * Tempo, beats per minute, to a tenth.
 */
bpm: number | null, 
/**
 * Key, such as `C#m`.
 */
key: string | null, 
/**
 * Camelot code of the key, such as `12A`.
 */
camelot: string | null, 
/**
 * Length in seconds.
 */
duration_s: number, 
/**
 * Where to start it, in seconds: its section that fits best.
 */
start_s: number, 
/**
 * Licence.
 */
licence: string | null, 
/**
 * The file.
 */
path: string, };

