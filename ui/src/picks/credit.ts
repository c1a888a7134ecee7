// The line for a film's credits: the catalog's own wording, or a line made of title, artist and licence.
type Credited = { title: string; artist: string | null; licence: string | null; attribution?: string | null };

export function credit({ title, artist, licence, attribution }: Credited): string {
  if (attribution) return attribution;
  return [`“${title}”`, artist && `by ${artist}`].filter(Boolean).join(' ') + (licence ? `, ${licence}` : '');
}
