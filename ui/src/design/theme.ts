import type { Settings } from '../platform/types';

/** The theme that is shown: the editor's, or the system's where he leaves it to it. */
export function shownTheme(theme: Settings['theme'], system_dark: boolean): 'dark' | 'light' {
  return theme === 'system' ? (system_dark ? 'dark' : 'light') : theme;
}
