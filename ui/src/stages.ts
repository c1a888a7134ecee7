// The picture's side of the window.
import type { Component } from 'svelte';
import type { Audition } from './audition/audition.svelte';
import type { Session } from './session.svelte';
import Placeholder from './states/Placeholder.svelte';

type Shown = Component<{ session: Session; audition: Audition }>;
const found = import.meta.glob<{ default: Shown }>('./stage/{Stage,RangeChooser}.svelte', { eager: true });
export const Stage: Shown = found['./stage/Stage.svelte']?.default ?? Placeholder;
export const RangeChooser: Shown = found['./stage/RangeChooser.svelte']?.default ?? Placeholder;
