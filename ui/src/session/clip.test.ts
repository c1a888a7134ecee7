import { describe, expect, it } from 'vitest';
import type { Platform } from '../platform/platform';
import type { Clip } from '../platform/types';
import { ClipState } from './clip.svelte';
import { Notices } from './notices.svelte';

const opened = { clip: 'c2', duration_s: 40, range_s: [0, 40], ask_range: false } as unknown as Clip;
const platform = {
  openPath: () => Promise.resolve({ kind: 'clip', clip: { ...opened } }),
  film: () => Promise.resolve(),
} as unknown as Platform;

describe('an open clip', () => {
  it('takes its range from its own clock only', async () => {
    const state = new ClipState(platform, new Notices(), { onOpened: () => undefined, onClosed: () => undefined, onRangeChosen: () => undefined });
    await state.open('/footage/c2.mov');
    state.rangeChanged('c1', [20, 30]);
    state.rangeChanged(null, [20, 30]);
    expect(state.current?.range_s).toEqual([0, 40]);
    state.rangeChanged('c2', [5, 9]);
    expect(state.current?.range_s).toEqual([5, 9]);
  });
});
