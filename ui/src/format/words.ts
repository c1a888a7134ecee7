// Words for numbers that an editor should not have to weigh.
import type { Chip } from '../platform/types';

export type Sure = 'good' | 'fair' | 'weak';

export function sure(confidence: number): Sure {
  if (confidence >= 0.6) return 'good';
  return confidence >= 0.35 ? 'fair' : 'weak';
}

/** .60, .05, 1.0: short, and of one width. */
export function share(value: number): string {
  const hundredths = Math.round(Math.max(0, Math.min(1, value)) * 100);
  return hundredths === 100 ? '1.0' : `.${String(hundredths).padStart(2, '0')}`;
}

/** Of a brief, the words that no chip stands for. */
export function freeWords(text: string, chips: Chip[]): string {
  const parts = text.split(',').map((part) => part.trim()).filter(Boolean);
  return parts.filter((part) => !chips.some((chip) => means(part, chip))).join(', ');
}

function means(part: string, chip: Chip): boolean {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const said = words(part);
  const understood = words(chip.text);
  return understood.length > 0 && (understood.every((word) => said.includes(word)) || said.every((word) => understood.includes(word)));
}
