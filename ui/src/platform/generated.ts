// Made from the documents of the crates session and engine by the test window_types; do not edit. What each field
// means is written there.

export type Brief = { 
/**
 * Description of the music in words.
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
clip: string, path: string, name: string, duration_s: number, 
/**
 * Frame rate as a fraction.
 */
fps_num: number, fps_den: number, 
/**
 * Timecode of the first frame, if camera or recorder wrote one.
 */
start_timecode: StartTimecode | null, 
/**
 * Name of the reel, tape or card, if the file has one.
 */
reel: string | null, 
/**
 * Size in pixels with pixel aspect and rotation applied.
 */
width: number, height: number, 
/**
 * Name of the video codec for people.
 */
codec: string, has_audio: boolean, 
/**
 * In and out of the match.
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
 * Id of the clip whose position and range these are; absent while no clip is loaded.
 */
clip: string | null, 
/**
 * Second of the clip that is heard at `at_ms`.
 */
position_s: number, 
/**
 * Milliseconds of the session's own monotonic clock.
 */
at_ms: number, playing: boolean, 
/**
 * Speed: 1 is real time, negative plays backwards.
 */
rate: number, range_s: [number, number], looping: boolean, 
/**
 * Id of the selected track; absent while the clip plays alone.
 */
track_id: string | null, 
/**
 * Second of the track at the in-point.
 */
start_s: number, 
/**
 * Absent without a sound device.
 */
output: Output | null, 
/**
 * How often the device ran out of samples.
 */
underruns: number, };

export type Curve = { 
/**
 * Number of values per second.
 */
rate_hz: number, values: Array<number>, };

export type Device = { id: string, name: string, 
/**
 * The system's default device.
 */
standard: boolean, };

export type Event = { "kind": "progress", progress: JobProgress, } | { "kind": "job_ended", job: number, job_kind: JobKind, fault: Fault | null, cancelled: boolean, } | { "kind": "rows", rows: Rows, report: ClipReport | null, } | { "kind": "film", clip: string, index: number, count: number, time_s: number, url: string, } | { "kind": "picture", clip: string, picture: Picture, } | { "kind": "clock", clock: Clock, } | { "kind": "ended" } | { "kind": "device", output: Output | null, lost: string | null, } | { "kind": "track_failed", track_id: string, message: string, } | { "kind": "catalog", catalog: CatalogState, } | { "kind": "indexed", indexed: Indexed, } | { "kind": "open", path: string, } | { "kind": "not_saved", fault: Fault, };

export type Fault = { 
/**
 * Code in snake_case, which stays the same between versions.
 */
code: string, 
/**
 * What was expected and what came.
 */
message: string, 
/**
 * The editor's next step.
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

export type FoundRows = { 
/**
 * What each word became; empty for a search by a track.
 */
words: Array<WordDoc>, results: Array<SearchRow>, 
/**
 * Peaks of each track by id, 0 to 255 over its whole length.
 */
peaks: { [key in string]: Array<number> }, };

export type IndexFailure = { 
/**
 * Name of the file, without its folder.
 */
name: string, message: string, };

export type Indexed = { 
/**
 * Tracks that are new in the catalog.
 */
added: number, 
/**
 * Number of files that are no music that can be read.
 */
failed: number, 
/**
 * The first 100 of them.
 */
failures: Array<IndexFailure>, 
/**
 * What was left alone, by kind.
 */
passed_over: Array<LeftAlone>, };

export type JobKind = "match" | "watch" | "proxy" | "film" | "index" | "pack";

export type JobProgress = { 
/**
 * Number of the job.
 */
job: number, 
/**
 * Kind of the job.
 */
kind: JobKind, 
/**
 * The present step in a word or two, or the name of a file if the units are files.
 */
phase: string, 
/**
 * Number of complete units: files, frames or bytes.
 */
done: number, 
/**
 * Number of all units; 0 while it is not known.
 */
total: number, 
/**
 * Estimated seconds to the end.
 */
left_s: number | null, 
/**
 * Files per minute, if the units are files.
 */
files_per_minute: number | null, };

export type LeftAlone = { 
/**
 * Such as `resource forks`.
 */
what: string, count: number, };

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
 * Time from the mixer to the loudspeaker.
 */
latency_ms: number, };

export type Pick = { track_id: string, title: string, artist: string | null, bpm: number | null, camelot: string | null, licence: string | null, 
/**
 * Second of the track at the in-point.
 */
start_s: number, 
/**
 * The clip's range when the track was saved.
 */
range_s: [number, number], note: string, 
/**
 * Time of the first saving, in milliseconds since 1970.
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
 * Id; empty for a clip that was never opened.
 */
clip: string, path: string, name: string, 
/**
 * Name of the folder that holds it.
 */
folder: string, 
/**
 * 0 for a clip that was never opened.
 */
duration_s: number, 
/**
 * The file is missing.
 */
gone: boolean, picks: number, 
/**
 * URL of the poster; absent without one.
 */
film_url: string | null, };

export type Rows = { 
/**
 * Number of the match; a later match has a higher one.
 */
match: number, 
/**
 * Messages for the editor about the match.
 */
warnings: Array<string>, 
/**
 * Peaks of each track by id, 0 to 255 over its whole length.
 */
peaks: { [key in string]: Array<number> }, 
/**
 * The clip and its range.
 */
clip: ClipDoc, 
/**
 * Name of the pack that embedded the clip.
 */
pack: string, 
/**
 * Provider that ran the frame encoder: `cpu`, `cuda`, …
 */
provider: string, 
/**
 * The catalog that was searched.
 */
catalog: CatalogDoc, 
/**
 * The brief as it was understood.
 */
brief: BriefDoc, 
/**
 * Probability from 0 to 1 that a person prefers the best row to a typical piece of music for the picture; 0.5
 * if it fits no better than others. It is calibrated on choices of people where the pack has such data; with
 * words or a reference track it is only the distance of the best row from the rest of the catalog.
 */
confidence: number, 
/**
 * The confidence is too low: the catalog has no good match.
 */
no_good_match: boolean, 
/**
 * Whether this is the second answer, which knows motion and sound of the clip.
 */
refined: boolean, 
/**
 * Milliseconds of each step.
 */
timings_ms: TimingsDoc, 
/**
 * Number of tracks that were ranked.
 */
candidates: number, 
/**
 * Rows, best first.
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
 * Messages for the editor, for example about a setting that could not be used.
 */
notices: Array<Fault>, };

export type StartTimecode = { 
/**
 * Number of frames since 00:00:00:00.
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
 * Beats in a bar; 0 if that is not known.
 */
per_bar: number, 
/**
 * Absolute peaks, 0 to 255.
 */
peaks: Curve, 
/**
 * Integrated loudness (EBU R128); absent for silence.
 */
loudness_lufs: number | null, 
/**
 * `ends`, `fades` or `cut off`; absent if that is not known.
 */
ending: string | null, 
/**
 * Start of the ending; absent if that is not known.
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
 * Frames per second; the mean where they come unevenly.
 */
fps: number, 
/**
 * Frame rate, as a fraction. Frames count at it, also where the clip's frames come unevenly: then it is the mean
 * of the first seconds.
 */
rate: RateDoc, 
/**
 * Whether the frames come so unevenly that the rate is only their mean.
 */
uneven: boolean, 
/**
 * The range in frames, 0 being the clip's first: its first frame and the one after its last.
 */
range_frames: [number, number], 
/**
 * Timecode of the clip's first frame, such as `01:00:00:00`, with `;` before the frames for drop frame; `null`
 * where camera or recorder wrote none.
 */
start_timecode: string | null, 
/**
 * Shot boundaries in time order.
 */
cuts: Array<CutDoc>, 
/**
 * Tempo of cuts and hits.
 */
tempo: PulseDoc, 
/**
 * Speed of all motion, picture widths per second.
 */
motion: StepCurveDoc, 
/**
 * Speed of the camera's motion, picture widths per second.
 */
camera: StepCurveDoc, 
/**
 * Mean lightness, 0 to 1.
 */
brightness: StepCurveDoc, 
/**
 * Standard deviation of lightness over the picture, 0 to 1.
 */
contrast: StepCurveDoc, 
/**
 * Mean HSV saturation, 0 to 1.
 */
saturation: StepCurveDoc, 
/**
 * Colour temperature from about -1 (cold) to 1 (warm).
 */
warmth: StepCurveDoc, 
/**
 * Intensity from 0 to 1: half motion, half pace of the cuts.
 */
arc: StepCurveDoc, 
/**
 * Moments of sudden motion: impacts, turns, stops.
 */
hits: Array<HitDoc>, 
/**
 * Cuts and hits that lie on the pulse; empty without a pulse.
 */
beats_s: Array<number>, 
/**
 * Shares of the four moods.
 */
mood: MoodDoc, 
/**
 * The strongest mood and its tendency in two letters, such as `HC` for happy and calm.
 */
mood_label: string, 
/**
 * From -1 (unpleasant) to 1 (pleasant).
 */
valence: number, 
/**
 * From -1 (calm) to 1 (excited).
 */
arousal: number, 
/**
 * `major`, `minor`, or `null` for a picture that suggests neither.
 */
mode: string | null, 
/**
 * Stretches of speech; `null` for a clip without sound.
 */
speech_s: Array<[number, number]> | null, 
/**
 * Whether the clip's sound contains music; `null` for a clip without sound.
 */
music_present: boolean | null, 
/**
 * Peaks of the clip's sound from the in-point on; absent for a clip without sound.
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
 * Milliseconds of each step.
 */
timings_ms: ClipReportTimings, };

export type CutDoc = { 
/**
 * First frame of the new shot; the middle of a fade or dissolve.
 */
time_s: number, 
/**
 * The frame nearest to `time_s`, counted at the clip's rate from its first frame, 0.
 */
frame: number, 
/**
 * `cut`, `fade` or `dissolve`.
 */
kind: string, 
/**
 * Clearness of the boundary, 0 to 1.
 */
score: number, 
/**
 * First and last moment of a fade or dissolve.
 */
span_s: [number, number] | null, };

export type HitDoc = { 
/**
 * Seconds of the clip.
 */
time_s: number, 
/**
 * Strength from 0 to 1.
 */
strength: number, };

export type PeaksDoc = { 
/**
 * Number of peaks per second.
 */
rate_hz: number, 
/**
 * Largest absolute sample of each span, 0 to 1.
 */
values: Array<number>, };

export type PulseDoc = { 
/**
 * Beats per minute; `null` for a clip without cuts and hits.
 */
bpm: number | null, 
/**
 * From 0 to 1; a pulse below 0.3 is too uncertain to use.
 */
confidence: number, 
/**
 * Possible tempi, best first.
 */
candidates: Array<TempoCandidateDoc>, };

export type TempoCandidateDoc = { bpm: number, weight: number, };

export type StepCurveDoc = { 
/**
 * Seconds between two values.
 */
step_s: number, 
/**
 * In time order; the first one is at the in-point.
 */
values: Array<number>, };

export type ClipReportTimings = { 
/**
 * Decoding and embedding frames.
 */
show: number, 
/**
 * Analysing motion and sound; a few milliseconds where the analysis was cached.
 */
watch: number, 
/**
 * From request to report.
 */
total: number, };

export type CatalogDoc = { 
/**
 * Name of the catalog, by default that of its folder.
 */
id: string, 
/**
 * Version number of its content; 0 for a catalog indexed on this machine.
 */
epoch: number, 
/**
 * Number of tracks whose files exist.
 */
tracks: number, };

export type MoodDoc = { action: number, sad: number, happy: number, calm: number, };

export type RateDoc = { num: number, den: number, };

export type TrackDoc = { 
/**
 * Id made of the content of its file.
 */
track_id: string, 
/**
 * From credits, else from the file's tags, else the file's name.
 */
title: string, 
/**
 * From credits, else from the file's tags.
 */
artist: string | null, 
/**
 * Beats per minute, rounded to tenths.
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
 * Best start for the query or the clip, seconds of the track.
 */
start_s: number, 
/**
 * SPDX expression, or the licence in the words of the file.
 */
licence: string | null, 
/**
 * Path of the file.
 */
path: string, 
/**
 * Bytes of the path in hexadecimal digits, only where the path is not Unicode.
 */
path_bytes?: string, };

export type AlignmentDoc = { 
/**
 * Probability from 0 to 1 that the clip was cut to this track; 0.5 without evidence.
 */
score: number, 
/**
 * Number of cuts on a beat of the track.
 */
cuts_landed: number, 
/**
 * Number of cuts while the track plays.
 */
cuts: number, 
/**
 * Cuts and hits on a beat, in time order.
 */
landings: Array<LandingDoc>, };

export type BriefDoc = { 
/**
 * Middle of the requested range, else the pulse of the picture; `null` for a pulse of confidence below 0.3.
 */
tempo_bpm: number | null, 
/**
 * From 0 to 1; 1 for a requested tempo.
 */
tempo_confidence: number, 
/**
 * `major` or `minor`; `null` for a picture that suggests neither.
 */
mode: string | null, 
/**
 * Shares of the four moods.
 */
mood: MoodDoc | null, 
/**
 * The strongest mood and its tendency in two letters, such as `HC` for happy and calm.
 */
mood_label: string | null, 
/**
 * Share of the range with speech, 0 to 1.
 */
speech: number, 
/**
 * The description in words, as it was given.
 */
text: string | null, 
/**
 * What each word became, in the order of the words.
 */
words: Array<WordDoc>, 
/**
 * Wanted phrases of the words, without tempo and mode: what sentence space is asked for.
 */
wanted: Array<string>, 
/**
 * Unwanted phrases of the words.
 */
unwanted: Array<string>, };

export type ClipDoc = { 
/**
 * Length of the whole clip in seconds.
 */
duration_s: number, 
/**
 * In and out in seconds.
 */
range_s: [number, number], 
/**
 * Frame rate, as a fraction. Frames count at it, also where the clip's frames come unevenly: then it is the
 * container's rate or the mean of the first seconds.
 */
rate: RateDoc, 
/**
 * The range in frames, 0 being the clip's first: its first frame and the one after its last.
 */
range_frames: [number, number], 
/**
 * Timecode of the clip's first frame, such as `01:00:00:00`, with `;` before the frames for drop frame; `null`
 * where camera or recorder wrote none.
 */
start_timecode: string | null, 
/**
 * Number of sampling times, one per second.
 */
frames: number, 
/**
 * Path of the file.
 */
path: string, 
/**
 * Bytes of the path in hexadecimal digits, only where the path is not Unicode.
 */
path_bytes?: string, };

export type LandingDoc = { 
/**
 * Seconds of the clip.
 */
clip_s: number, 
/**
 * The frame nearest to `clip_s`, counted at the clip's rate from its first frame, 0.
 */
frame: number, 
/**
 * Seconds of the track.
 */
track_s: number, 
/**
 * `beat`, `bar`, `climax`, or `onset` for a track without beats.
 */
on: string, };

export type MatchReport = { 
/**
 * The clip and its range.
 */
clip: ClipDoc, 
/**
 * Name of the pack that embedded the clip.
 */
pack: string, 
/**
 * Provider that ran the frame encoder: `cpu`, `cuda`, …
 */
provider: string, 
/**
 * The catalog that was searched.
 */
catalog: CatalogDoc, 
/**
 * The brief as it was understood.
 */
brief: BriefDoc, 
/**
 * Probability from 0 to 1 that a person prefers the best row to a typical piece of music for the picture; 0.5
 * if it fits no better than others. It is calibrated on choices of people where the pack has such data; with
 * words or a reference track it is only the distance of the best row from the rest of the catalog.
 */
confidence: number, 
/**
 * The confidence is too low: the catalog has no good match.
 */
no_good_match: boolean, 
/**
 * Whether this is the second answer, which knows motion and sound of the clip.
 */
refined: boolean, 
/**
 * Milliseconds of each step.
 */
timings_ms: TimingsDoc, 
/**
 * Number of tracks that were ranked.
 */
candidates: number, 
/**
 * Rows, best first.
 */
results: Array<ResultDoc>, };

export type ReasonsDoc = { visual: string, tempo: string, tags: string, key: string, 
/**
 * What became of each measurable word; `null` without such words.
 */
words: string | null, };

export type ResultDoc = { 
/**
 * Position in the list, from 1.
 */
rank: number, 
/**
 * Weighted mean of the four scores, blended with the obedience to the measurable words, 0 to 1.
 */
score: number, 
/**
 * Scores of the four terms, and of the measurable words.
 */
scores: ScoresDoc, 
/**
 * Played from `start_s`, the track ends before the range does. Such rows are listed behind all others.
 */
too_short: boolean, 
/**
 * Alignment with cuts and hits from `start_s` on; absent from the first answer.
 */
alignment: AlignmentDoc | null, 
/**
 * The strongest reasons for its position.
 */
why: string, 
/**
 * A reason for each score.
 */
reasons: ReasonsDoc, 
/**
 * Strongest tags, at most five.
 */
tags: Array<string>, 
/**
 * Share of the track with singing or speech, 0 to 1.
 */
vocal: number | null, 
/**
 * Credit line that the licence requires.
 */
attribution: string | null, 
/**
 * Origin of the file, such as a package and its version.
 */
source: string | null, 
/**
 * Id made of the content of its file.
 */
track_id: string, 
/**
 * From credits, else from the file's tags, else the file's name.
 */
title: string, 
/**
 * From credits, else from the file's tags.
 */
artist: string | null, 
/**
 * Beats per minute, rounded to tenths.
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
 * Best start for the query or the clip, seconds of the track.
 */
start_s: number, 
/**
 * SPDX expression, or the licence in the words of the file.
 */
licence: string | null, 
/**
 * Path of the file.
 */
path: string, 
/**
 * Bytes of the path in hexadecimal digits, only where the path is not Unicode.
 */
path_bytes?: string, };

export type ScoresDoc = { visual: number, tempo: number, tags: number, key: number, 
/**
 * How far the track obeys the measurable words; `null` without such words.
 */
words: number | null, };

export type TimingsDoc = { 
/**
 * Waiting for frames from the decoder.
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
 * Ranking, with reasons and the start of each track.
 */
rerank: number, 
/**
 * Sum of the five steps above.
 */
first_rows: number, 
/**
 * Analysing motion and sound of the whole range; a few milliseconds for a cached analysis, 0 for the first
 * answer.
 */
watch: number, 
/**
 * Aligning every candidate with the picture, and ranking again.
 */
refine: number, 
/**
 * From request to answer.
 */
total: number, };

export type PackRow = { 
/**
 * The name that `--pack` takes.
 */
name: string, 
/**
 * Goes up when a file of the pack changes.
 */
version: number, 
/**
 * One line that describes the pack.
 */
title: string, 
/**
 * Whether the pack is a smaller substitute for another one.
 */
stand_in: boolean, 
/**
 * SPDX expression that covers all its files.
 */
licence: string, 
/**
 * Id of its audio space; a catalog has to have the same.
 */
space: string, 
/**
 * Files that are not on this machine.
 */
missing: Array<string>, 
/**
 * Whether no file is missing.
 */
ready: boolean, 
/**
 * Path of the file.
 */
path: string, 
/**
 * Bytes of the path in hexadecimal digits, only where the path is not Unicode.
 */
path_bytes?: string, };

export type SearchRow = { 
/**
 * Position in the list, from 1.
 */
rank: number, 
/**
 * What orders the rows: the fit to the words, 0 to 1, or the cosine for a search by a track.
 */
score: number, 
/**
 * Cosine between track and query, -1 to 1.
 */
cosine: number, 
/**
 * What became of each measurable word; `null` without such words.
 */
why: string | null, 
/**
 * Strongest tags, at most five.
 */
tags: Array<string>, 
/**
 * Share of the track with singing or speech, 0 to 1.
 */
vocal: number | null, 
/**
 * Credit line that the licence requires.
 */
attribution: string | null, 
/**
 * Origin of the file, such as a package and its version.
 */
source: string | null, 
/**
 * Id made of the content of its file.
 */
track_id: string, 
/**
 * From credits, else from the file's tags, else the file's name.
 */
title: string, 
/**
 * From credits, else from the file's tags.
 */
artist: string | null, 
/**
 * Beats per minute, rounded to tenths.
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
 * Best start for the query or the clip, seconds of the track.
 */
start_s: number, 
/**
 * SPDX expression, or the licence in the words of the file.
 */
licence: string | null, 
/**
 * Path of the file.
 */
path: string, 
/**
 * Bytes of the path in hexadecimal digits, only where the path is not Unicode.
 */
path_bytes?: string, };

export type BecameDoc = "tempo" | "energy" | "mode" | "valence" | "tag" | "voices" | "refused" | "vague";

export type WordDoc = { 
/**
 * The words as they were typed, in lower case.
 */
text: string, 
/**
 * The measured property that they ask for; `refused` for tags and voices that are refused, `vague` for words that only
 * sentence space knows.
 */
became: BecameDoc, 
/**
 * The wanted values in words, such as `over 118 BPM`; `null` for vague words.
 */
target: string | null, 
/**
 * The known word that an unknown one was read as; `null` for a word that is known itself.
 */
through: string | null, };

