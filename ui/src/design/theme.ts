import type { Settings } from '../platform/types';

/** The theme in use: the one chosen in Settings, or the system's. */
export function shownTheme(theme: Settings['theme'], system_dark: boolean): 'dark' | 'light' {
  return theme === 'system' ? (system_dark ? 'dark' : 'light') : theme;
}
