// Words and short forms for numbers.
import type { BriefDoc } from '../platform/types';

/** A part of the brief that was understood. */
export type Chip = { text: string; wanted: boolean };

export type Confidence = 'good' | 'fair' | 'weak';

export function confidenceWord(confidence: number): Confidence {
  if (confidence >= 0.6) return 'good';
  return confidence >= 0.35 ? 'fair' : 'weak';
}

/** .60, .05, 1.0: all of one width. */
export function share(value: number): string {
  const hundredths = Math.round(Math.max(0, Math.min(1, value)) * 100);
  return hundredths === 100 ? '1.0' : `.${String(hundredths).padStart(2, '0')}`;
}

export function chipsOf({ wanted, unwanted }: Pick<BriefDoc, 'wanted' | 'unwanted'>): Chip[] {
  return [...wanted.map((text) => ({ text, wanted: true })), ...unwanted.map((text) => ({ text, wanted: false }))];
}

/** The words of a brief that are not shown as a chip. */
export function freeWords(text: string, chips: Chip[]): string {
  const parts = text.split(',').map((part) => part.trim()).filter(Boolean);
  return parts.filter((part) => !chips.some((chip) => isSame(part, chip))).join(', ');
}

function isSame(part: string, chip: Chip): boolean {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const typed = words(part);
  const understood = words(chip.text);
  return understood.length > 0 && (understood.every((word) => typed.includes(word)) || typed.every((word) => understood.includes(word)));
}
