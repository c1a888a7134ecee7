// Drives the window by WebKit's driver (W3C WebDriver) without a client library.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { until } from './surroundings.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export const KEYS = { enter: '\uE007', escape: '\uE00C', down: '\uE015', up: '\uE013', left: '\uE012', right: '\uE014', tab: '\uE004', shift: '\uE008', control: '\uE009' };

function children(pid) {
  const found = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return found ? found.split('\n').map(Number) : [];
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** True if the process has ended, also while its exit status is not collected yet. */
function isOver(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1 && /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

/** Starts the driver, which starts the application. */
export async function openWindow(around, binary, args = []) {
  const port = await around.freePort();
  const driver = around.start('WebKitWebDriver', [`--port=${port}`], {
    env: { ...around.env, TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true' },
  });
  const errors = [];
  driver.stderr.on('data', (data) => errors.push(String(data)));
  driver.stdout.on('data', () => {});
  const base = `http://127.0.0.1:${port}`;
  await until(() => fetch(`${base}/status`).then((r) => r.ok, () => false), 'WebKitWebDriver');
  const call = async (method, path, body) => {
    const signal = AbortSignal.timeout(60000);
    const answer = await fetch(base + path, { method, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}\n${errors.join('')}`);
    return value;
  };
  const { sessionId } = await call('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } },
  });
  const at = `/session/${sessionId}`;
  const window = {
    driver,
    errors,
    run: (script, ...args) => call('POST', `${at}/execute/sync`, { script, args }),
    runAsync: (script, ...args) => call('POST', `${at}/execute/async`, { script, args }),
    async find(selector, patience_ms) {
      return until(
        () => call('POST', `${at}/element`, { using: 'css selector', value: selector }).catch(() => null),
        selector,
        patience_ms,
      );
    },
    all: (selector) => call('POST', `${at}/elements`, { using: 'css selector', value: selector }),
    async click(selector) {
      const element = await window.find(selector);
      await call('POST', `${at}/element/${element[ELEMENT]}/click`, {});
    },
    async type(selector, text) {
      const element = await window.find(selector);
      await call('POST', `${at}/element/${element[ELEMENT]}/value`, { text });
    },
    /** Sends keys to the focused element. */
    async keys(...keys) {
      const actions = keys.flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await call('POST', `${at}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
    },
    async text(selector) {
      return window.run('return document.querySelector(arguments[0])?.innerText ?? null', selector);
    },
    until: (script, what, patience_ms) => until(() => window.run(script), what, patience_ms),
    async size(width, height) {
      await call('POST', `${at}/window/rect`, { x: 0, y: 0, width, height });
    },
    async screenshot(file) {
      writeFileSync(file, Buffer.from(await call('GET', `${at}/screenshot`), 'base64'));
    },
    /** Closes the window like its close button, and waits for the application's end. */
    async close() {
      const applications = children(driver.pid);
      await call('DELETE', `${at}/window`).catch(() => {});
      const gone = () => applications.every((pid) => !isAlive(pid));
      await until(gone, 'the application to end', 8000).catch(() => applications.filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL')));
      await until(gone, 'the application to be ended');
      await around.end(driver);
    },
    /** Kills the application, like a power cut. */
    async kill() {
      const applications = children(driver.pid);
      applications.forEach((pid) => process.kill(pid, 'SIGKILL'));
      await around.end(driver);
      await until(() => applications.every(isOver), 'the application to be ended');
    },
    pids: () => children(driver.pid),
  };
  return window;
}
