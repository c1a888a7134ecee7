// What a measurement may read of the sync. Only where it is asked for: in a build with `--mode measure`, or while
// developing and pretending with `?measure`.
import type { Audition } from './audition.svelte';

export function measured(audition: Audition): void {
  const asked = import.meta.env.MODE === 'measure' || new URLSearchParams(location.search).has('measure');
  if (asked) Object.assign(window, { __sync: { audition, telemetry: audition.telemetry } });
}
