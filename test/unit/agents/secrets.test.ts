import { describe, expect, test } from 'vitest';
import { parseError } from '../../../main/agents/parse-error.ts';
import { takeoverEngines } from '../../../main/agents/registry.ts';
import fc from '../../support/fast-check.ts';
import { fixture } from '../../support/fixture.ts';
import { printOf } from '../../support/parse-command.ts';

const json = fixture('keepalived/2.2.7/steady_node1.json');
const data = fixture('keepalived/2.2.7/steady_node1.data');
const kinds = [
  'conntrack',
  'conntrack-stats',
  'conntrackd-stats',
  'conntrackd-log',
  'conntrack-events',
  'keepalived-log',
  'conntrackd-config',
  'keepalived-config',
  'keepalived-json',
  'keepalived-data',
];

/** Passwords as operators choose them; none that could stand in a dump by chance. */
const password = fc
  .string({ unit: 'grapheme-ascii', minLength: 5, maxLength: 12 })
  .map((text) => `Pw${text}wP`);

describe('a VRRP password', () => {
  test('stays out of a configuration, wherever it stands and wherever the file breaks off', async () => {
    for (const path of ['2.2.7/keepalived', '2.4.3/keepalived', '2.3.4/definitions', '1.3.5/broken']) {
      const config = fixture(`keepalived/${path}.conf`);
      expect(config).toContain('secret1');
      for (let end = 0; end <= config.length; end += 7) {
        const { stdout } = await printOf(['keepalived-config'], config.slice(0, end));
        expect(stdout).not.toContain('secr');
      }
    }
    for (const line of [
      '$KEYWORD=auth_pass\nvrrp_instance X {\n authentication {\n $KEYWORD secret1 }\n}',
      '$B= \\\n auth_pass \\\n secret1 \\\n }\nvrrp_instance X {\n $B\n}',
      `~LST({A, B}, {1, secret1}) vrrp_instance X { auth_pass \${B}`,
      `~LST({A, B}, {1, secret1}, {) vrrp_instance X { auth_pass \${B}`,
      '@fw1 $A=secret1\n@fw2 $A=secret1\nvrrp_instance X {\n auth_pass $A\n priority $A\n}',
      '$A=secret1\ninclude /etc/keepalived/vrrp.conf',
      'SSL {\n password secret1\n}',
      'authentication { auth_type PASS auth_pass secret1 } nopreempt',
      'group { VI_1 auth_pass secret1 }',
      'track_script {\n auth_pass my secret1\n}',
      '$A=secret1\n$B=$A\nvrrp_instance X {\n auth_pass $B\n notify_master "/x $A"\n}',
    ]) {
      const { stdout } = await printOf(['keepalived-config'], `vrrp_sync_group X {\n${line}\n}\n${line}\n`);
      expect(stdout).not.toContain('secret1');
    }
  });

  test('is in the dumps that these tests read', () => {
    expect(json).toContain('secret1');
    expect(data).toContain('secret1');
  });

  test('never reaches the model', () => {
    for (const engine of takeoverEngines) {
      const state = engine.parseState({ json, data });
      expect(state.ok).toBe(true);
      expect(JSON.stringify(state)).not.toContain('secret1');
    }
  });

  test('is never printed, wherever the dump breaks off and whatever kind it is mistaken for', async () => {
    const cuts = [json, data].flatMap((dump) => {
      const at = dump.indexOf('secret1');
      return [-20, 0, 3, 6, 7, 8, 60].map((offset) => dump.slice(0, at + offset)).concat(dump);
    });
    for (const kind of kinds)
      for (const cut of cuts) {
        const { stdout, stderr } = await printOf([kind], cut);
        expect(stdout + stderr).not.toMatch(/secr/);
      }
  });

  test('is dropped however it is spelt', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const lines = [
          JSON.stringify({ auth_data: secret, vrid: 1 }),
          `{"auth_data" : ${JSON.stringify(secret).slice(0, -2)}`,
          `   Password = ${secret}`,
          `  auth_pass ${secret}`,
        ];
        for (const line of lines) expect(parseError(1, line, 'x').text).not.toContain(secret.slice(0, 5));
      }),
    );
  });

  test('stays out of an instance that cannot be read', async () => {
    const broken = data.replaceAll(/^ +State = .*\n/gm, '');
    const { stdout, status } = await printOf(['keepalived-data'], broken);
    expect(status).toBe(1);
    expect(stdout).toContain('VRRP Instance = VI_1');
    expect(stdout).not.toContain('secret1');
  });
});
