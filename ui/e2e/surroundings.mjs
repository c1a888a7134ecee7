// Services for the real window on a machine without a desktop: a screen, a message bus, a sound server with a sink that can
// be recorded, and a home folder. Each serves one run and ends with it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ends a process and waits for it. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(late);
}

/** The first line of a stream for which `wanted` returns a value. */
function line(stream, wanted, what) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${what} did not answer within 20 s`)), 20000);
    let text = '';
    stream.on('data', (data) => {
      text += data;
      const found = wanted(text);
      if (found) {
        clearTimeout(late);
        resolve(found);
      }
    });
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `look` returns a true value. */
export async function until(look, what, patience_ms = 20000) {
  const from = performance.now();
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() - from > patience_ms) throw new Error(`waited ${patience_ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Makes a folder for this run, which removes it. An existing folder is refused. */
function newFolder(path) {
  if (existsSync(path)) throw new Error(`${path} was expected not to exist: it is made for this run and removed after it`);
  mkdirSync(path, { recursive: true });
  return path;
}

/** `home`: a home folder with a name that may appear in a photograph; a temporary folder by default. */
export async function surroundings({ width = 1440, height = 900, sound = true, home: wanted = null } = {}) {
  const home = wanted ? newFolder(wanted) : mkdtempSync(join(tmpdir(), 'needledrop-window-'));
  const children = [];
  const start = (command, args, options = {}) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    children.push(child);
    return child;
  };
  const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' };
  for (const name of ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'WAYLAND_DISPLAY', 'PULSE_SERVER']) delete env[name];

  const xvfb = start('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  env.DISPLAY = ':' + (await line(xvfb.stdio[3], (text) => text.match(/(\d+)\n/)?.[1], 'Xvfb'));
  const bus = start('dbus-daemon', ['--session', '--nofork', '--print-address'], { env });
  env.DBUS_SESSION_BUS_ADDRESS = await line(bus.stdout, (text) => text.match(/(unix:\S+)\n/)?.[1], 'dbus-daemon');
  if (sound) {
    const socket = join(home, 'pulse.socket');
    const pulse = start('pulseaudio', [
      '-n', '--daemonize=no', '--exit-idle-time=-1', '--disallow-exit=yes', '--log-level=error',
      // Short blocks from the start, like a device. By default the sink first takes two seconds of silence.
      '-L', 'module-null-sink sink_name=monitor_me rate=48000 channels=2 norewinds=1',
      '-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    ], { env });
    pulse.stderr.on('data', () => {});
    env.PULSE_SERVER = `unix:${socket}`;
    await until(() => existsSync(socket), 'pulseaudio');
    writeFileSync(join(home, '.asoundrc'), 'pcm.!default { type pulse }\nctl.!default { type pulse }\n');
  }
  return {
    env,
    home,
    start: (command, args, options = {}) => start(command, args, { env, ...options }),
    end,
    async stop() {
      for (const child of children.reverse()) await end(child);
      rmSync(home, { recursive: true, force: true });
    },
    freePort,
  };
}
