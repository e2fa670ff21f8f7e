import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { inventoryPathOf } from '../../../electron/arguments.ts';
import { engineArgument, readEngineArgument } from '../../../electron/engine-argument.ts';
import { portOf } from '../../../main/hosts/port-number.ts';

const env = { XDG_CONFIG_HOME: '/home/ops/.config', APPDATA: 'C:\\Users\\ops' };

test('the inventory is found among the switches that Chromium takes', () => {
  const argv = ['--force-device-scale-factor=2', '--disable-gpu', '/opt/handover'];
  expect(inventoryPathOf([...argv, '--inventory', 'lab.yaml'], env)).toBe(resolve('lab.yaml'));
  expect(inventoryPathOf(['--inventory=/etc/lab.yaml', ...argv], env)).toBe(resolve('/etc/lab.yaml'));
  expect(inventoryPathOf(argv, env)).toContain('clusters.yaml');
});

test('what main tells the engine of its host arrives as it was', () => {
  const host = { version: '1.2.3', inventoryPath: '/home/o p s/"x".yaml', stateDir: '/var/lib/handover' };
  expect(readEngineArgument(['electron', 'engine.js', engineArgument(host)])).toEqual({
    kind: 'electron',
    keepsHistory: true,
    followsLogs: true,
    tellsAlerts: true,
    samplesLag: true,
    ...host,
  });
  expect(() => readEngineArgument(['electron', 'engine.js'])).toThrow('--engine-host');
});

test('a port is a number that a socket can have', () => {
  expect([undefined, '0', '8420', '65535'].map(portOf)).toEqual([0, 0, 8420, 65535]);
  expect(['65536', '-1', '80a', '', '1e3'].map(portOf)).toEqual(Array(5).fill(undefined));
});
