import { describe, expect, it } from 'vitest';
import { trayBitmap } from '../../../electron/tray-icon.ts';
import { trayModel, trayTitle } from '../../../electron/tray-model.ts';
import type { FleetSummary } from '../../../shared/domain/fleet-summary.ts';
import { Verdict } from '../../../shared/domain/health.ts';

const cluster = (name: string, verdict: Verdict, sentence = ''): FleetSummary['clusters'][number] => ({
  name,
  verdict,
  sentence,
  alerts: [],
});

describe('the tray', () => {
  it('says the worst verdict in a word and where it comes from, and lists clusters worst first', () => {
    const model = trayModel({
      clusters: [
        cluster('office', 'ok'),
        cluster('core', 'warning', 'fw3 is behind.'),
        cluster('lisbon', 'critical', 'Split brain: fw1 and fw2 are both master of LAN.'),
        cluster('oslo', 'unknown', 'Nothing can be read.'),
      ],
    });
    expect(model.verdict).toBe('critical');
    expect(model.tip).toBe('Handover: Critical\nlisbon: Split brain: fw1 and fw2 are both master of LAN.');
    expect(model.lines.map(({ cluster: name }) => name)).toEqual(['lisbon', 'oslo', 'core', 'office']);
    expect(model.lines[0]?.label).toMatch(/^Critical – lisbon: Split brain/);
    expect(trayTitle(model)).toBe('Critical');
  });

  it('is never well while nothing is known: the engine is away, or there is no cluster', () => {
    expect(trayModel(undefined)).toMatchObject({ verdict: 'unknown', tip: expect.stringContaining('away') });
    expect(trayModel({ clusters: [] }).verdict).toBe('unknown');
    expect(trayModel({ clusters: [cluster('office', 'ok')] })).toMatchObject({
      verdict: 'ok',
      tip: 'Handover: OK\nall 1 clusters',
    });
  });

  it('stays a menu with a hundred clusters, and cuts what is too long for a line', () => {
    const clusters = Array.from({ length: 100 }, (_, each) =>
      cluster(`c${each}`, 'warning', 'x'.repeat(300)),
    );
    const { lines } = trayModel({ clusters });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toEqual({ label: '80 more clusters' });
    expect(lines.every(({ label }) => label.length <= 90)).toBe(true);
  });

  it.each([16, 22, 44])(
    'draws each verdict in a shape of its own at %i pixels, not in a colour alone',
    (size) => {
      const outline = (verdict: Verdict) => {
        const bytes = trayBitmap(verdict, size);
        expect(bytes).toHaveLength(size * size * 4);
        return bytes
          .filter((_, index) => index % 4 === 3)
          .map((alpha) => (alpha > 127 ? 1 : 0))
          .join('');
      };
      expect(new Set(Verdict.options.map(outline)).size).toBe(Verdict.options.length);
    },
  );
});
