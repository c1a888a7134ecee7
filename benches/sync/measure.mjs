// Picture against sound in the real window, end to end: a clip that flashes and clicks each second, the sound recorded
// from a null sink's monitor, the picture's times from requestVideoFrameCallback.
//   node measure.mjs BINARY CATALOG [SECONDS] [SEEKS] [HOPS]
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, openWindow } from '../../ui/e2e/driver.mjs';
import { surroundings } from '../../ui/e2e/surroundings.mjs';

const [binary, catalog, seconds = '60', seeks = '50', hops = '50'] = process.argv.slice(2);
const RATE = 48000;
const around = await surroundings({ width: 1280, height: 800 });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];

const clip = join(around.home, 'click.mp4');
spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', "color=black:s=1280x720:r=30:d=110,drawbox=c=white:t=fill:enable='lt(mod(t,1),0.03)'",
  '-f', 'lavfi', '-i', 'aevalsrc=if(lt(mod(t\\,1)\\,0.004)\\,0.9*sin(2*PI*3000*t)\\,0):s=48000:d=110', '-c:v', 'libx264', '-preset', 'veryfast',
  '-g', '30', '-bf', '0', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le', '-f', 'mov', clip], { stdio: 'inherit' });
const config = join(around.home, '.config/needledrop');
mkdirSync(config, { recursive: true });
writeFileSync(join(config, 'settings.json'), JSON.stringify({ catalog, play_first: false, levels: { music: 0, clip: 1, duck: false, match_loudness: false } }));

/** Records the sink's monitor; gives the moments of clicks on this process's wall clock, milliseconds. */
function record() {
  const parec = around.start('parec', ['-d', 'monitor_me.monitor', '--rate=48000', '--channels=1', '--format=s16le', '--raw', '--latency-msec=5', '--process-time-msec=2']);
  const parts = [];
  let total = 0;
  // How far the recording was when a block arrived, and when it would have begun had it all come at an even rate.
  const arrived = [];
  parec.stdout.on('data', (data) => {
    total += data.length / 2;
    parts.push(data);
    arrived.push([total, performance.timeOrigin + performance.now() - (total / RATE) * 1000]);
  });
  return async () => {
    await around.end(parec);
    const bytes = Buffer.concat(parts);
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
    // By the blocks of its own two seconds: over minutes a busy sound server puts in or leaves out some milliseconds.
    let from = 0;
    const wall = (sample) => {
      while (arrived[from]?.[0] < sample - RATE) from += 1;
      let began = Infinity;
      for (let at = from; at < arrived.length && arrived[at][0] < sample + RATE; at += 1) began = Math.min(began, arrived[at][1]);
      return began + (sample / RATE) * 1000;
    };
    const clicks = [];
    for (let n = 0, last = -RATE; n < samples.length; n += 1) {
      if (Math.abs(samples[n]) > 4000 && n - last > RATE / 4) clicks.push(wall((last = n)));
      else if (Math.abs(samples[n]) > 4000) last = Math.max(last, n - RATE / 8);
    }
    return clicks;
  };
}

const LOG = `window.__frames = []; const v = document.querySelector('video');
  const note = (now, meta) => { window.__frames.push([performance.timeOrigin + (meta.expectedDisplayTime || now), meta.mediaTime]); v.requestVideoFrameCallback(note); };
  v.requestVideoFrameCallback(note);`;
const invoke = (window, command, args = {}) =>
  window.runAsync(`const done = arguments[2]; window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(done, (e) => done(JSON.stringify(e)))`, command, args);

/** Where the picture was when each click was heard, less where the sound was: positive, the picture is ahead. */
function offsets(clicks, frames) {
  const found = [];
  for (const at of clicks) {
    const next = frames.findIndex(([wall]) => wall > at);
    if (next < 1) continue;
    const [w0, m0] = frames[next - 1];
    const [w1, m1] = frames[next];
    if (w1 - w0 > 400 || m1 < m0) continue;
    const picture_s = m0 + Math.min((at - w0) / 1000, 0.2);
    const sound_s = Math.round(picture_s);
    found.push({ at, ms: (picture_s - sound_s) * 1000 });
  }
  return found;
}
const report = (name, list) => {
  const ms = list.map((one) => one.ms);
  if (ms.length === 0) return console.log(`${name}: nothing was measured`);
  const middle = quantile(ms, 0.5);
  console.log(`${name}: ${ms.length} clicks, offset median ${middle.toFixed(1)} ms, |offset| p95 ${quantile(ms.map(Math.abs), 0.95).toFixed(1)} ms, worst ${Math.max(...ms.map(Math.abs)).toFixed(1)} ms`);
};

try {
  const window = await openWindow(around, binary, [clip]);
  await window.until(`return document.querySelector('video')?.readyState >= 2`, 'the picture', 60000);
  await window.until(`return document.querySelectorAll('[role=option]').length > 5`, 'rows', 60000);
  await window.until(`return /with rhythm/.test(document.body.innerText)`, 'the watch to end', 120000);
  await sleep(1000);
  await window.run(LOG);

  let stop = record();
  await window.keys(' ');
  await sleep(Number(seconds) * 1000);
  let clicks = await stop();
  let frames = await window.run('return window.__frames');
  const steady = offsets(clicks, frames).filter((one) => one.at > clicks[0] + 2000);
  report('steady', steady);
  const early = steady.slice(0, 10).map((one) => one.ms);
  const late = steady.slice(-10).map((one) => one.ms);
  if (late.length === 10) console.log(`drift over ${((steady.at(-1).at - steady[0].at) / 1000).toFixed(0)} s: ${(quantile(late, 0.5) - quantile(early, 0.5)).toFixed(1)} ms`);
  console.log(`pictures a second: ${(frames.length / Number(seconds)).toFixed(1)}`);

  /** The last click that was heard in `wait_ms` after each of `count` acts. */
  async function after(name, count, wait_ms, act) {
    const found = [];
    for (let index = 0; index < count; index += 1) {
      await window.run('window.__frames.length = 0');
      stop = record();
      await act(index);
      await sleep(wait_ms);
      clicks = await stop();
      frames = await window.run('return window.__frames');
      const settled = offsets(clicks, frames).at(-1);
      if (settled) found.push(settled);
    }
    report(name, found);
  }
  await after('the last click within 2.4 s of each seek', Number(seeks), 2400, (seek) => invoke(window, 'seek', { positionS: 3 + ((seek * 37) % 90) + 0.3 }));
  await after('the last click within 1.3 s of each hop', Number(hops), 1300, () => window.keys(KEYS.down));
  const clock = await invoke(window, 'clock');
  console.log(`output ${clock.output?.name}, ${clock.output?.buffer_frames} frames, latency ${clock.output?.latency_ms} ms, underruns ${clock.underruns}`);
  await window.close();
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await around.stop();
}
