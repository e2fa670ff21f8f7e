import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../shared/domain/alert.ts';
import { nextNotices, type Told } from '../../../shared/domain/alert-notice.ts';
import type { FleetSummary } from '../../../shared/domain/fleet-summary.ts';

const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id,
  name: 'node-gone',
  severity: 'critical',
  message: `${id}.`,
  since: 0,
  phase: { kind: 'firing', raisedAt: 1 },
  ...more,
});
const summary = (clusters: Readonly<Record<string, Alert[]>>): FleetSummary => ({
  clusters: Object.entries(clusters).map(([name, alerts]) => ({
    name,
    verdict: 'critical',
    sentence: '',
    alerts,
  })),
});
const calm = summary({ edge: [], core: [] });
const told: Told = { summary: calm, raisedAt: {} };
const seen = alert('fw1 is gone', {
  phase: { kind: 'firing', raisedAt: 1, acknowledged: { at: 2, note: 'mine' } },
});

describe('what is said on the desktop', () => {
  it('is each alert that is raised, and that it is over, with the cluster that it leads to', () => {
    const raised = nextNotices(told, summary({ edge: [alert('fw1 is gone')], core: [] }), 1_000);
    expect(raised.notices).toEqual([
      { title: 'edge: critical', body: 'fw1 is gone.', cluster: 'edge', urgent: true },
    ]);
    const over = nextNotices(raised.told, calm, 20_000);
    expect(over.notices).toEqual([
      { title: 'edge: over', body: 'No longer: fw1 is gone.', cluster: 'edge', urgent: false },
    ]);
  });

  it('is nothing while an alert stands, nor when somebody acknowledges it', () => {
    const raised = nextNotices(told, summary({ edge: [alert('fw1 is gone')], core: [] }), 1_000);
    const stands = nextNotices(raised.told, summary({ edge: [alert('fw1 is gone')], core: [] }), 2_000);
    expect(stands.notices).toEqual([]);
    expect(nextNotices(stands.told, summary({ edge: [seen], core: [] }), 3_000).notices).toEqual([]);
  });

  it('is said once of an alert that comes and goes: not more than every two minutes', () => {
    let state = told;
    const said: string[] = [];
    for (let second = 0; second < 115; second += 15) {
      for (const alerts of [[alert('fw1 is gone')], []]) {
        const next = nextNotices(state, summary({ edge: alerts, core: [] }), second * 1_000 + alerts.length);
        state = next.told;
        said.push(...next.notices.map(({ title }) => title));
      }
    }
    expect(said.filter((title) => title === 'edge: critical')).toHaveLength(1);
    const again = nextNotices(state, summary({ edge: [alert('fw1 is gone')], core: [] }), 400_000);
    expect(again.notices).toHaveLength(1);
  });

  it('is one sentence when a whole site is gone, and leads to the worst of it', () => {
    const many = (cluster: string, severity: Alert['severity']) =>
      ['a', 'b', 'c'].map((id) => alert(`${cluster} ${id}`, { severity }));
    const { notices } = nextNotices(
      told,
      summary({ edge: many('edge', 'warning'), core: many('core', 'critical') }),
      0,
    );
    expect(notices).toEqual([
      {
        title: '6 alerts raised, 3 of them critical, in 2 clusters',
        body: 'core: core a.',
        cluster: 'core',
        urgent: true,
      },
    ]);
  });
});
