import { expect, test } from 'vitest';
import { endpointTrouble } from './endpoint';

test('https anywhere and http on this machine are taken', () => {
  expect(['https://gpu.local:8443', 'http://127.0.0.1:9000', 'http://localhost', ' https://gpu.local '].map(endpointTrouble)).toEqual([null, null, null, null]);
});

test('what pictures must not be sent to is refused with a reason', () => {
  expect(endpointTrouble('http://gpu.local')).toMatch(/https/);
  expect(endpointTrouble('ftp://gpu.local')).toMatch(/https/);
  expect(endpointTrouble('gpu')).toMatch(/not an address/);
  expect(endpointTrouble('')).toMatch(/needed/);
});
