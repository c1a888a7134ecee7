/** 3:12, 1:02:05. */
export function length(duration_s: number): string {
  const whole = Math.round(duration_s);
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** 0:20.2, for places within a track. */
export function place(at_s: number): string {
  const tenths = Math.round(Math.max(0, at_s) * 10);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`;
}

/** 0.3 s, 12.5 s. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 40,012. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** 12 files a second, 3 files a minute; for slower work 1 file in 4 min. */
export function fileRate(per_min: number): string {
  if (per_min >= 60) return filesA(per_min / 60, 'second');
  return per_min >= 1 ? filesA(per_min, 'minute') : `1 file in ${about(60 / per_min)}`;
}

function filesA(rate: number, unit: string): string {
  const whole = Math.round(rate);
  return `${count(whole)} ${whole === 1 ? 'file' : 'files'} a ${unit}`;
}

/** A rough duration: 20 s, 3 min, 1 h 20 min. */
export function about(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
