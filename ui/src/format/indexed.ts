// The end of an index run in one line.
import type { Indexed } from '../platform/types';
import { count } from './length';

export function indexedSummary({ added, failed }: Indexed): string {
  const tracks = added === 0 ? 'No new tracks' : added === 1 ? '1 track added' : `${count(added)} tracks added`;
  const files = failed === 1 ? '1 file' : `${count(failed)} files`;
  return failed === 0 ? tracks : `${tracks}; ${files} could not be read (Settings, Music)`;
}
