// Forty invented tracks of various keys, tempos, tags and forms.
import type { SearchRow, TrackTimeline } from '../types';
import { between, chance } from './chance';

export type Invented = Omit<SearchRow, 'rank' | 'score' | 'cosine' | 'why' | 'start_s'> & {
  peaks: number[];
  seed: number;
  bpm: number;
  camelot: string;
  vocal: number;
  picture: number;
};

// title | artist | bpm | camelot | length in seconds | tags
const WRITTEN = `
Tidewater Suite|Ilse Maren|96|8A|192|strings,hopeful,folk
Paper Lanterns|North Quay|98|8B|161|acoustic,warm,guitar
Hollow Ways|Ilse Maren|95|9A|245|strings,calm,piano
Small Hours|Oda & Wren|48|8A|38|piano,tender,sparse
Thaw|Kestrel Row|97|7A|210|strings,rising,hopeful
Undertow|Tallow|94|8A|321|ambient,dark,synth
Kites|Brass Orchard|96|7B|118|brass,bright,playful
A Fox in June|Mirabel Oster|102|9B|134|folk,playful,voice
Willow Street|Oda & Wren|96|3B|159|guitar,warm,drums
Field Notes|Kestrel Row|95|9A|140|acoustic,calm,sparse
Marginalia|North Quay|110|10A|183|electronic,focused,drums
Orrery|Vela Kind|97|11B|231|orchestra,wide,rising
Slow Machine|Tallow|90|5A|284|synth,dark,drums
Copper Rain|Brass Orchard|100|6A|198|brass,tense,drums
Low Meadow|Ilse Maren|92|4B|206|strings,warm,calm
The Long Table|Hearth & Co.|104|10B|172|folk,warm,voice
Glasshouse|Vela Kind|120|12A|225|electronic,bright,drums
Saltlight|Mirabel Oster|88|1A|189|voice,tender,guitar
Northbound|Kestrel Row|128|2A|214|drums,driving,guitar
Second Snow|Oda & Wren|72|6B|154|piano,calm,sparse
Ferryman|Tallow|84|3A|298|dark,ambient,strings
Bright Errand|Brass Orchard|132|11B|109|playful,brass,drums
Quiet Engines|Vela Kind|106|4A|243|electronic,calm,synth
Apple Year|Hearth & Co.|100|8B|147|folk,hopeful,guitar
Nightjar|Mirabel Oster|76|12B|201|voice,dark,piano
Signal Fires|North Quay|140|9A|187|driving,drums,tense
Grey Heron|Ilse Maren|64|5B|262|strings,tender,sparse
Market Day|Hearth & Co.|112|2B|126|playful,acoustic,drums
Lodestar|Vela Kind|96|7A|238|orchestra,rising,wide
Ashlar|Tallow|80|1B|310|synth,ambient,calm
Under the Eaves|Oda & Wren|90|10A|166|guitar,warm,tender
Cartographer|Kestrel Row|116|6A|219|driving,strings,focused
Pale Harbour|North Quay|86|11A|173|ambient,calm,sparse
Red Thread|Mirabel Oster|124|4A|195|voice,driving,electronic
Millrace|Brass Orchard|108|12B|15|brass,bright,rising
Owl Hours|Tallow|70|2A|276|dark,sparse,synth
First Bus Home|Hearth & Co.|97|3B|158|acoustic,hopeful,warm
Aurelia|Vela Kind|94|9B|229|orchestra,tender,wide
Kerosene Waltz|Brass Orchard|144|7B|131|playful,brass,voice
The Weather Inside This House, and What We Said About It Afterwards|The Understudies of Saint-Germain-en-Laye|118|5A|402|voice,focused,drums`;

const LICENCES = ['CC-BY-4.0', 'CC0-1.0', 'CC-BY-SA-4.0', 'Own library'];
const MAJORS = ['B', 'F#', 'C#', 'G#', 'D#', 'A#', 'F', 'C', 'G', 'D', 'A', 'E'];
const MINORS = ['G#m', 'D#m', 'A#m', 'Fm', 'Cm', 'Gm', 'Dm', 'Am', 'Em', 'Bm', 'F#m', 'C#m'];

function keyOf(camelot: string): string {
  const hour = Number.parseInt(camelot, 10);
  return (camelot.endsWith('A') ? MINORS : MAJORS)[hour - 1] ?? 'C';
}

/** Loud and quiet parts in turn, like verses and choruses. */
export function peaks(seed: number, count: number): number[] {
  const next = chance(seed);
  const parts = Array.from({ length: 7 }, () => between(next, 0.3, 1));
  return Array.from({ length: count }, (_, index) => {
    const at = index / count;
    const part = parts[Math.floor(at * parts.length)] ?? 0.5;
    const edge = Math.min(1, at * 12, (1 - at) * 9);
    return Math.round(255 * Math.max(0.04, part * edge * between(next, 0.55, 1)));
  });
}

export const TRACKS: Invented[] = WRITTEN.trim()
  .split('\n')
  .map((line, index) => {
    const [title = '', artist = '', bpm, camelot = '8A', length, tags = ''] = line.split('|');
    const next = chance(index + 7);
    const licence = LICENCES[index % LICENCES.length] ?? null;
    return {
      seed: index + 7,
      path: `/home/editor/Music/Library/${title}.flac`,
      track_id: `t${String(index + 1).padStart(2, '0')}`,
      title,
      artist,
      bpm: Number(bpm),
      key: keyOf(camelot),
      camelot,
      duration_s: Number(length),
      licence,
      attribution: licence === 'CC0-1.0' ? null : `“${title}” by ${artist}, ${licence}`,
      source: index % 4 === 3 ? null : 'https://example.org/music',
      tags: tags.split(','),
      vocal: tags.includes('voice') ? between(next, 0.7, 0.95) : between(next, 0.02, 0.2),
      peaks: peaks(index + 7, 96),
      picture: Math.max(0.3, 0.93 - index * 0.014 + between(next, -0.03, 0.03)),
    };
  });

export const TAGS = [...new Set(TRACKS.flatMap((track) => track.tags))].sort();

export function sheet(track: Invented): TrackTimeline {
  const beat_s = 60 / track.bpm;
  const beats_s: number[] = [];
  for (let at_s = 0.21; at_s < track.duration_s; at_s += beat_s) beats_s.push(at_s);
  const rate_hz = 50;
  return {
    track_id: track.track_id,
    duration_s: track.duration_s,
    bpm: track.bpm,
    beats_s,
    downbeats: beats_s.map((_, index) => index).filter((index) => index % 4 === 0),
    per_bar: 4,
    peaks: { rate_hz, values: peaks(track.seed, Math.round(track.duration_s * rate_hz)) },
    loudness_lufs: -14 - (track.seed % 7),
    ending: 'a held chord',
    ending_s: track.duration_s - 4 * beat_s,
  };
}
