// A few of the words that the real brief understands, for the chips.
export function understand(text: string): { wanted: string[]; unwanted: string[] } {
  const parts = text.toLowerCase().split(',').map((words) => words.trim()).filter(Boolean);
  const minus = (part: string) => /^(?:no|without|-|−)\s*(.+)$/.exec(part)?.[1];
  return {
    wanted: parts.filter((part) => /\d+\s*bpm|minor|major|speech/.test(part)),
    unwanted: parts.map(minus).filter((part) => part !== undefined),
  };
}
