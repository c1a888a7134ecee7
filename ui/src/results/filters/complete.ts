/** Tags that begin with the typed text, then tags that contain it. Chosen tags are left out. */
export function complete(typed: string, known: readonly string[], chosen: readonly string[], at_most = 8): string[] {
  const wanted = typed.trim().toLowerCase();
  const free = known.filter((tag) => !chosen.includes(tag));
  if (!wanted) return free.slice(0, at_most);
  const begins = free.filter((tag) => tag.toLowerCase().startsWith(wanted));
  const holds = free.filter((tag) => !begins.includes(tag) && tag.toLowerCase().includes(wanted));
  return [...begins, ...holds].slice(0, at_most);
}
