// The keys shown in the foot, by what has the focus.
export type Shown = { shown: string[]; label: string };
export type Where = { clip: boolean; range: boolean; comparing: boolean; waiting: boolean };

export function keysNow({ clip, range, comparing, waiting }: Where): Shown[] {
  if (!clip) return [{ shown: ['ctrl', 'O'], label: 'open a clip' }];
  if (range) return [{ shown: ['↵'], label: 'match this range' }, { shown: ['esc'], label: 'leave' }];
  if (comparing) {
    return [
      { shown: ['A', 'B', 'C'], label: 'play' },
      { shown: ['S'], label: 'keep' },
      { shown: ['R'], label: 'show the names' },
      { shown: ['esc'], label: 'done' },
    ];
  }
  return [
    ...(waiting ? [{ shown: ['↵'], label: 'refined order' }] : []),
    { shown: ['space'], label: 'play' },
    { shown: ['↑↓'], label: 'hop' },
    { shown: ['S'], label: 'save' },
    { shown: ['I', 'O'], label: 'range' },
    { shown: [',', '.'], label: 'nudge beat' },
  ];
}
