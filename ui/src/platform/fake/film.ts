// Thumbnails of a landscape that goes from morning to evening along the clip, drawn on request.
import { between, chance } from './chance';

const WIDTH = 160;
const HEIGHT = 90;

export function drawn(share: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d');
  if (!pen) return '';
  const scene = Math.floor(share * 14);
  const next = chance(scene * 13 + 5);
  const hue = 195 + share * 160;
  const sky = pen.createLinearGradient(0, 0, 0, HEIGHT);
  sky.addColorStop(0, `hsl(${hue} 55% 62%)`);
  sky.addColorStop(1, `hsl(${hue + 45} 60% 82%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = 'hsl(46 95% 84%)';
  pen.beginPath();
  pen.arc(WIDTH * between(next, 0.15, 0.85), HEIGHT * between(next, 0.15, 0.4), 9, 0, 7);
  pen.fill();
  for (let hill = 0; hill < 3; hill += 1) {
    pen.fillStyle = `hsl(${120 + hill * 8 - share * 40} ${34 + hill * 6}% ${56 - hill * 13}%)`;
    pen.beginPath();
    pen.moveTo(0, HEIGHT);
    const top = HEIGHT * (0.5 + hill * 0.14);
    for (let x = 0; x <= WIDTH; x += 8) pen.lineTo(x, top + 9 * Math.sin(x / between(next, 24, 30) + scene + hill * 2));
    pen.lineTo(WIDTH, HEIGHT);
    pen.fill();
  }
  const trunk = WIDTH * between(next, 0.2, 0.8);
  pen.fillStyle = 'hsl(25 30% 30%)';
  pen.fillRect(trunk - 3, HEIGHT * 0.45, 6, 34);
  pen.fillStyle = `hsl(${110 - share * 60} 45% 38%)`;
  pen.beginPath();
  pen.arc(trunk, HEIGHT * 0.42, 17, 0, 7);
  pen.fill();
  return canvas.toDataURL('image/jpeg', 0.8);
}
