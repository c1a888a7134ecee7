// The line that a film's credits need. Where the catalog has the wording, it is taken; else it is put together.
type Credited = { title: string; artist: string | null; licence: string | null; attribution?: string | null };

export function credit({ title, artist, licence, attribution }: Credited): string {
  if (attribution) return attribution;
  return [`“${title}”`, artist && `by ${artist}`].filter(Boolean).join(' ') + (licence ? `, ${licence}` : '');
}
