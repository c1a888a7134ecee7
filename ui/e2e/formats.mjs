// Opens and plays footage in the formats of cameras and editing programs in the real window, directly or through a copy.
//   node formats.mjs BINARY CATALOG
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWindow } from './driver.mjs';
import { surroundings } from './surroundings.mjs';

const [binary, catalog] = process.argv.slice(2);
const around = await surroundings();
const config = join(around.home, '.config/needledrop');
mkdirSync(config, { recursive: true });
writeFileSync(join(config, 'settings.json'), JSON.stringify({ catalog }));

const source = (size, rate) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=6`, '-f', 'lavfi', '-i', 'sine=440:d=6:r=48000'];
const FOOTAGE = [
  ['ProRes 422 HQ', 'prores.mov', [...source('1280x720', 25), '-c:v', 'prores_ks', '-profile:v', '3', '-pix_fmt', 'yuv422p10le', '-c:a', 'pcm_s16le']],
  ['DNxHD in MXF', 'dnxhd.mxf', [...source('1920x1080', 25), '-c:v', 'dnxhd', '-b:v', '120M', '-pix_fmt', 'yuv422p', '-c:a', 'pcm_s16le']],
  ['MPEG-2 in MXF', 'xdcam.mxf', [...source('1280x720', 25), '-c:v', 'mpeg2video', '-b:v', '20M', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le']],
  ['HEVC', 'hevc.mp4', [...source('1280x720', 30), '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-tag:v', 'hvc1', '-c:a', 'aac']],
  ['a phone’s uneven rate', 'phone.mp4', [...source('1280x720', 30), '-vf', "select='not(eq(mod(n,7),3)+eq(mod(n,11),5))',rotate=0", '-fps_mode', 'vfr', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']],
  ['4K', '4k.mp4', [...source('3840x2160', 25), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']],
];

try {
  for (const [name, file, how] of FOOTAGE) {
    const clip = join(around.home, file);
    const made = spawnSync('ffmpeg', ['-v', 'error', '-y', ...how, clip], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const from = performance.now();
    const window = await openWindow(around, binary, [clip]);
    await window.until(`return document.querySelector('video')?.readyState >= 2`, `a picture of ${name}`, 120000);
    const ready_ms = performance.now() - from;
    await window.until(`return document.querySelectorAll('[role=option]').length > 5`, 'rows', 60000);
    const at = await window.run(`return document.querySelector('video').currentTime`);
    await window.until(`return Math.abs(document.querySelector('video').currentTime - ${at}) > 1`, `${name} to play`, 30000);
    const seen = await window.run(`const v = document.querySelector('video'); return { error: v.error?.message ?? null, wide: v.videoWidth, high: v.videoHeight }`);
    assert.equal(seen.error, null);
    assert.ok(seen.wide > 0);
    await window.close();
    console.log(`ok ${name}: plays at ${seen.wide} × ${seen.high}, ${(ready_ms / 1000).toFixed(1)} s after the start`);
  }
  console.log(`${FOOTAGE.length} kinds of footage play`);
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await around.stop();
}
