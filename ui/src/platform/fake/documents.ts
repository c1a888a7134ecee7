// Documents that the Rust side wrote, so that the fake platform offers what the product offers and nothing more.
import type { Start } from '../types';
import json from './documents.json';

type Documents = { start: Pick<Start, 'version' | 'settings' | 'providers'> };

export const documents = json as Documents;
