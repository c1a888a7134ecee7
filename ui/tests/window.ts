// The window in a new Chromium.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, expect, inject } from 'vitest';
import type { State } from '../src/platform/fake/scenes';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Asked = { state?: State; width?: number; height?: number; theme?: 'dark' | 'light' | 'system'; pace?: number | undefined };

let context: BrowserContext | null = null;
let place: string | null = null;

/** One browser per test file; each window is a page. */
async function browser(): Promise<BrowserContext> {
  if (context) return context;
  const profile = mkdtempSync(join(tmpdir(), 'needledrop-chromium-'));
  place = profile;
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.NEEDLEDROP_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return context;
}

afterAll(async () => {
  await context?.close();
  context = null;
  if (place) rmSync(place, { recursive: true, force: true });
});

/** Opens the window; errors of the page are collected in `thrown`. */
export async function openWindow({ state = 'recent', width = 1280, height = 800, theme = 'dark', pace = 0.1 }: Asked = {}): Promise<Page> {
  const page = await (await browser()).newPage();
  await page.setViewportSize({ width, height });
  page.on('console', (line) => line.type() === 'error' && thrown.push(line.text()));
  page.on('pageerror', (error) => thrown.push(error.stack ?? error.message));
  await page.goto(`${inject('address')}/?state=${state}&pace=${pace}&theme=${theme}`);
  await page.locator('header').first().waitFor();
  return page;
}

const thrown: string[] = [];

/** Closes a window and fails if its page threw. */
export async function closeWindow(page: Page): Promise<void> {
  await page.close();
  expect(thrown.splice(0), 'the page throws nothing').toEqual([]);
}

/** Waits until the refined rows are shown. */
export async function matched(page: Page): Promise<void> {
  await page.getByRole('option').first().waitFor();
  await page.locator('.line progress').waitFor({ state: 'detached' });
}

export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.NEEDLEDROP_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

type Finding = { id: string; impact: string | null; nodes: { target: string[]; failureSummary: string }[] };

/** Violations that axe rates serious or critical, as text. */
export async function findings(page: Page): Promise<string[]> {
  // Injected through the debugger, because the page's policy allows no scripts.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } };
    return (await axe.run({ resultTypes: ['violations'] })).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`));
}
