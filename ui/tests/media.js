// Makes the test video: 96 s at 23.976 with the time burned in, from the sample film where it is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'media', 'clip.mp4');
const film = process.env.NEEDLEDROP_TEST_FILM ?? join(here, '../../catalog-cache/sample/big_buck_bunny.mp4');

export function makeMedia() {
  if (existsSync(out)) return;
  mkdirSync(dirname(out), { recursive: true });
  const source = existsSync(film) ? ['-ss', '60', '-i', film] : ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=24000/1001'];
  const made = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-y', ...source, '-t', '96', '-an', '-vf', 'scale=960:-2', '-r', '24000/1001', '-c:v', 'libx264', '-preset', 'veryfast',
      '-crf', '26', '-pix_fmt', 'yuv420p', '-g', '12', '-bf', '0', '-movflags', '+faststart', out],
    { stdio: 'inherit' },
  );
  if (made.status !== 0) throw new Error('ffmpeg was expected to make tests/media/clip.mp4 and did not; install ffmpeg with libx264');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) makeMedia();
