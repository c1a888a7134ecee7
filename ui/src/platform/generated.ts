// Made from the types in src-tauri/src by its tests; do not edit. What each means stands there.

export type Alignment = { 
/**
 * 0 to 1.
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
 * What lands.
 */
landings: Array<Landing>, };

export type Ask = { 
/**
 * The clip.
 */
clip: string, 
/**
 * In and out.
 */
range_s: [number, number], 
/**
 * In words.
 */
brief: string, 
/**
 * How much the words count against the picture, 0 to 1.
 */
words_share: number, 
/**
 * Track that the choice should sound like.
 */
reference: string | null, 
/**
 * Weights of the four terms.
 */
weights: TermWeights, 
/**
 * What a track must be to be offered.
 */
filters: Filters, 
/**
 * How readily a change of the picture is called a cut, 0 to 1.
 */
sensitivity: number, };

export type Brief = { 
/**
 * Tempo asked for, else the picture's pulse.
 */
tempo_bpm: number | null, 
/**
 * 0 to 1.
 */
tempo_confidence: number, 
/**
 * `major` or `minor`.
 */
mode: 'major' | 'minor' | null, 
/**
 * In two letters.
 */
mood_label: string | null, 
/**
 * In a word.
 */
mood_name: string | null, 
/**
 * Share of the range in which somebody speaks.
 */
speech: number, 
/**
 * The words.
 */
text: string | null, 
/**
 * What the words were understood as.
 */
chips: Array<Chip>, };

export type CacheUse = { 
/**
 * Its folder.
 */
path: string, 
/**
 * Bytes.
 */
bytes: number, };

export type CatalogState = { "kind": "ready", 
/**
 * Its name.
 */
id: string, 
/**
 * Its version.
 */
epoch: number, 
/**
 * Number of tracks.
 */
tracks: number, 
/**
 * Its folder.
 */
path: string, 
/**
 * Licences that its tracks have.
 */
licences: Array<string>, 
/**
 * Tags that they carry.
 */
tags: Array<string>, } | { "kind": "missing", 
/**
 * Where it was looked for.
 */
path: string, } | { "kind": "empty", 
/**
 * Its folder.
 */
path: string, } | { "kind": "broken", 
/**
 * Its folder.
 */
path: string, 
/**
 * Why.
 */
fault: Fault, };

export type Chip = { 
/**
 * The phrase.
 */
text: string, 
/**
 * Else it is refused.
 */
wanted: boolean, };

export type Clip = { 
/**
 * Its id.
 */
clip: string, 
/**
 * The file.
 */
path: string, 
/**
 * Name of the file.
 */
name: string, 
/**
 * Length.
 */
duration_s: number, 
/**
 * Frame rate, numerator.
 */
fps_num: number, 
/**
 * Frame rate, denominator.
 */
fps_den: number, 
/**
 * Pixels across.
 */
width: number, 
/**
 * Pixels down.
 */
height: number, 
/**
 * Name of the picture's codec.
 */
codec: string, 
/**
 * It has sound of its own.
 */
has_audio: boolean, 
/**
 * In and out.
 */
range_s: [number, number], 
/**
 * It is longer than a match may be: the range is a suggestion until the editor says so.
 */
ask_range: boolean, 
/**
 * What the `<video>` shows.
 */
picture: Picture, 
/**
 * What the music should be, in words.
 */
brief: string, 
/**
 * How much the words count, 0 to 1.
 */
words_share: number, 
/**
 * Weights of the four terms.
 */
weights: TermWeights, 
/**
 * What a track must be to be offered.
 */
filters: Filters, 
/**
 * How readily a change of the picture is called a cut, 0 to 1.
 */
sensitivity: number, 
/**
 * Its picks.
 */
picks: Array<Pick>, };

export type Clock = { 
/**
 * Seconds of the clip that are heard at `at_ms`.
 */
position_s: number, 
/**
 * The engine's own clock, milliseconds.
 */
at_ms: number, 
/**
 * It runs.
 */
playing: boolean, 
/**
 * Seconds of the clip a second.
 */
rate: number, 
/**
 * In and out.
 */
range_s: [number, number], 
/**
 * It begins again at the end.
 */
looping: boolean, 
/**
 * The selected track.
 */
track_id: string | null, 
/**
 * Second of the track at the in-point.
 */
start_s: number, 
/**
 * Where the sound goes; nowhere without a device.
 */
output: Output | null, 
/**
 * Times the device had to wait.
 */
underruns: number, };

export type Curve = { 
/**
 * Values a second.
 */
rate_hz: number, 
/**
 * The values.
 */
values: Array<number>, };

export type CutMark = { 
/**
 * When.
 */
time_s: number, 
/**
 * `cut`, `fade` or `dissolve`.
 */
kind: 'cut' | 'fade' | 'dissolve', 
/**
 * How clear it is, 0 to 1.
 */
score: number, };

export type Device = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The system's standard one.
 */
standard: boolean, };

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
 * Beats per minute from … to.
 */
bpm: [number, number] | null, 
/**
 * Camelot code that its key must fit.
 */
key: string | null, 
/**
 * Tags that it must carry.
 */
tags: Array<string>, 
/**
 * Sung or not.
 */
voices: Voices, 
/**
 * Length from … to.
 */
duration_s: [number, number] | null, 
/**
 * Licences, one of which it must have.
 */
licences: Array<string>, };

export type HitMark = { 
/**
 * When.
 */
time_s: number, 
/**
 * How hard, 0 to 1.
 */
strength: number, };

export type JobKind = "match" | "watch" | "proxy" | "film" | "index" | "pack";

export type JobProgress = { 
/**
 * Which job.
 */
job: number, 
/**
 * What it does.
 */
kind: JobKind, 
/**
 * In a word or two.
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
 * Seconds to go, where that can be told.
 */
left_s: number | null, };

export type Landing = { 
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
on: 'beat' | 'bar' | 'climax', };

export type Levels = { 
/**
 * The music, 0 to 1.
 */
music: number, 
/**
 * The clip's own sound, 0 to 1.
 */
clip: number, 
/**
 * The music makes room for speech.
 */
duck: boolean, 
/**
 * All tracks equally loud.
 */
match_loudness: boolean, };

export type Look = { 
/**
 * In and out of what was watched.
 */
range_s: [number, number], 
/**
 * Shot boundaries.
 */
cuts: Array<CutMark>, 
/**
 * Moments that hit.
 */
hits: Array<HitMark>, 
/**
 * The picture's own pulse.
 */
tempo: Pulse, 
/**
 * How much moves, 0 to 1 where it moves most.
 */
motion: Curve, 
/**
 * Where somebody speaks.
 */
speech_s: Array<[number, number]>, 
/**
 * Absolute peaks of its sound, 0 to 255; nothing without sound.
 */
sound: Curve | null, };

export type Output = { 
/**
 * Name of the device.
 */
name: string, 
/**
 * Samples a second.
 */
rate_hz: number, 
/**
 * Frames in a buffer.
 */
buffer_frames: number, 
/**
 * From here to the ear.
 */
latency_ms: number, };

export type PackRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * In a sentence.
 */
title: string, 
/**
 * Its version.
 */
version: number, 
/**
 * It stands in for a better one.
 */
stand_in: boolean, 
/**
 * Its licence.
 */
licence: string, 
/**
 * All its files are here.
 */
ready: boolean, 
/**
 * Those that are not.
 */
missing: Array<string>, };

export type Pick = { 
/**
 * The track.
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
 * Beats per minute.
 */
bpm: number | null, 
/**
 * Camelot code of the key.
 */
camelot: string | null, 
/**
 * Licence.
 */
licence: string | null, 
/**
 * Second of the track at the in-point.
 */
start_s: number, 
/**
 * In and out that it was picked for.
 */
range_s: [number, number], 
/**
 * What the editor noted.
 */
note: string, 
/**
 * Milliseconds since 1970.
 */
saved_ms: number, 
/**
 * Its file is gone.
 */
gone: boolean, };

export type Picture = { "kind": "direct", 
/**
 * Where it is to be had.
 */
url: string, } | { "kind": "proxy", 
/**
 * Where it is to be had.
 */
url: string, 
/**
 * Why not the file itself.
 */
reason: string, } | { "kind": "making", 
/**
 * Why not the file itself.
 */
reason: string, };

export type Provider = "auto" | "cpu" | "cuda" | "remote";

export type Pulse = { 
/**
 * Beats per minute.
 */
bpm: number | null, 
/**
 * 0 to 1.
 */
confidence: number, };

export type Reasons = { visual: string, tempo: string, tags: string, key: string, };

export type RecentClip = { 
/**
 * Its id.
 */
clip: string, 
/**
 * The file.
 */
path: string, 
/**
 * Name of the file.
 */
name: string, 
/**
 * Name of the folder.
 */
folder: string, 
/**
 * Length; 0 where it was never opened.
 */
duration_s: number, 
/**
 * The file is gone.
 */
gone: boolean, 
/**
 * Number of its picks.
 */
picks: number, 
/**
 * A picture of it.
 */
film_url: string | null, };

export type Row = { 
/**
 * Place, from 1.
 */
rank: number, 
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
 * Beats per minute.
 */
bpm: number | null, 
/**
 * Key, such as `C#m`.
 */
key: string | null, 
/**
 * Camelot code.
 */
camelot: string | null, 
/**
 * Length.
 */
duration_s: number, 
/**
 * Second of the track that meets the in-point.
 */
start_s: number, 
/**
 * Licence.
 */
licence: string | null, 
/**
 * Line of credit.
 */
attribution: string | null, 
/**
 * Where it comes from.
 */
source: string | null, 
/**
 * Strongest tags.
 */
tags: Array<string>, 
/**
 * Share of voices.
 */
vocal: number | null, 
/**
 * Absolute peaks over the whole track, 0 to 255.
 */
peaks: Array<number>, 
/**
 * 0 to 1.
 */
score: number, 
/**
 * The four scores; absent in a search.
 */
scores: TermWeights | null, 
/**
 * Why each is what it is.
 */
reasons: Reasons | null, 
/**
 * How it meets the picture in time.
 */
alignment: Alignment | null, 
/**
 * In a sentence.
 */
why: string, };

export type RowTimings = { first_rows: number, watch: number, refine: number, total: number, };

export type Rows = { 
/**
 * Goes up with every match.
 */
match: number, 
/**
 * They know how the picture moves and sounds.
 */
refined: boolean, 
/**
 * The rows, best first.
 */
results: Array<Row>, 
/**
 * Tracks that were ranked.
 */
candidates: number, 
/**
 * 0 to 1.
 */
confidence: number, 
/**
 * Nothing in the catalog fits.
 */
no_good_match: boolean, 
/**
 * Name of the pack.
 */
pack: string, 
/**
 * What ran it.
 */
provider: string, 
/**
 * What the music should be.
 */
brief: Brief, 
/**
 * Where the time went.
 */
timings_ms: RowTimings, 
/**
 * What the editor should be told.
 */
warnings: Array<string>, };

export type Settings = { 
/**
 * Folder of the catalog; empty for the standard one.
 */
catalog: string, 
/**
 * Folders of the editor's own music.
 */
folders: Array<string>, 
/**
 * Model pack.
 */
pack: string, 
/**
 * What runs it.
 */
provider: Provider, 
/**
 * Remote endpoint.
 */
endpoint: string, 
/**
 * Sound device; the system's standard one where absent.
 */
device: string | null, 
/**
 * Most that proxies may take on the disk.
 */
cache_limit_gb: number, 
/**
 * Light or dark.
 */
theme: Theme, 
/**
 * How loud.
 */
levels: Levels, 
/**
 * Share of the window that the picture has.
 */
split: number, 
/**
 * The first track found is played at once.
 */
play_first: boolean, };

export type Start = { 
/**
 * Version of the application.
 */
version: string, 
/**
 * Settings.
 */
settings: Settings, 
/**
 * The catalog.
 */
catalog: CatalogState, 
/**
 * Model packs.
 */
packs: Array<PackRow>, 
/**
 * What a pack can be run by.
 */
providers: Array<Provider>, 
/**
 * Clips opened before.
 */
recent: Array<RecentClip>, 
/**
 * Devices that sound can go to.
 */
devices: Array<Device>, 
/**
 * Where the sound is.
 */
clock: Clock, 
/**
 * A file that the application was started with.
 */
open: string | null, };

export type TermWeights = { visual: number, tempo: number, tags: number, key: number, };

export type Theme = "dark" | "light" | "system";

export type Told = { "kind": "progress", 
/**
 * How far.
 */
progress: JobProgress, } | { "kind": "job_ended", 
/**
 * Which.
 */
job: number, 
/**
 * What it did.
 */
job_kind: JobKind, 
/**
 * What went wrong.
 */
fault: Fault | null, 
/**
 * It was stopped.
 */
cancelled: boolean, } | { "kind": "rows", 
/**
 * The rows.
 */
rows: Rows, 
/**
 * What the clip does in time, with the refined rows.
 */
look: Look | null, } | { "kind": "film", 
/**
 * Of which clip.
 */
clip: string, 
/**
 * Its place.
 */
index: number, 
/**
 * Out of so many.
 */
count: number, 
/**
 * Where in the clip, seconds.
 */
time_s: number, 
/**
 * Where it is to be had.
 */
url: string, } | { "kind": "picture", 
/**
 * Of which clip.
 */
clip: string, 
/**
 * The picture.
 */
picture: Picture, } | { "kind": "clock", 
/**
 * Where.
 */
clock: Clock, } | { "kind": "ended" } | { "kind": "device", 
/**
 * Where it goes.
 */
output: Output | null, 
/**
 * The device that is gone.
 */
lost: string | null, } | { "kind": "track_failed", 
/**
 * Which.
 */
track_id: string, 
/**
 * Why.
 */
message: string, } | { "kind": "catalog", 
/**
 * How it is.
 */
catalog: CatalogState, } | { "kind": "open", 
/**
 * The file.
 */
path: string, };

export type TrackSheet = { 
/**
 * The track.
 */
track_id: string, 
/**
 * Length.
 */
duration_s: number, 
/**
 * Beats per minute.
 */
bpm: number | null, 
/**
 * Beats.
 */
beats_s: Array<number>, 
/**
 * Which of them begin a bar.
 */
downbeats: Array<number>, 
/**
 * Beats in a bar; 0 where that is not known.
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
 * Where its ending begins.
 */
ending_s: number | null, };

export type Undone = { 
/**
 * What the editor had done.
 */
what: string, 
/**
 * The clip it was about.
 */
clip: string | null, 
/**
 * That clip's picks now.
 */
picks: Array<Pick> | null, };

export type Voices = "any" | "instrumental" | "vocal";

export type Wish = { 
/**
 * In words.
 */
brief: string, 
/**
 * How much the words count against the picture, 0 to 1.
 */
words_share: number, 
/**
 * Track that the choice should sound like.
 */
reference: string | null, 
/**
 * Weights of the four terms.
 */
weights: TermWeights, 
/**
 * What a track must be to be offered.
 */
filters: Filters, 
/**
 * How readily a change of the picture is called a cut, 0 to 1.
 */
sensitivity: number, };

