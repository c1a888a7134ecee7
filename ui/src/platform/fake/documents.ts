// Documents that the Rust side wrote, so that the fake platform offers what the product offers and nothing more.
import type { Clip, ClipReport, Rows, Start } from '../types';
import json from './documents.json';

type Documents = { start: Start; opened: { kind: 'clip'; clip: Clip }; rows: Rows; refined_rows: Rows; report: ClipReport };

export const documents = json as unknown as Documents;
