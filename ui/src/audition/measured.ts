// Sync values for measurements. Present only in a build with `--mode measure`, or
// in development over the fake platform with `?measure`.
import type { Audition } from './audition.svelte';

export function measured(audition: Audition): void {
  const asked = import.meta.env.MODE === 'measure' || new URLSearchParams(location.search).has('measure');
  if (asked) Object.assign(window, { __sync: { audition, telemetry: audition.telemetry } });
}
