/**
 * An operator's day with the lab's cluster: look, find a connection, fail over, fail back, and once more without
 * replication, where the flows must break. What became of the flows is counted at their own ends, never by Handover.
 */
import { expect } from 'vitest';
import type { Lab } from '../lab/lab.ts';
import { handoverFile } from '../lab/plan.ts';
import { until } from '../lab/shell.ts';
import type { FlowReport } from '../lab/traffic/traffic.ts';
import { slowness } from '../support/slowness.ts';
import { goTo, lookAt, nodeBox, type Operator, openCluster, roleShown, verdict } from './operator.ts';
import { browseAndDrop } from './table-journey.ts';

type Step = readonly [title: string, walk: (operator: Operator) => Promise<void>];

/** To be walked in this order, from a lab that is just up and carries traffic; it ends as it began, without traffic. */
export const journey: readonly Step[] = [
  ['fw1 is master and fw2 in step, with the figures that the nodes themselves give', seeHealthy],
  ['the connection table shows the own flow, and what NAT made of the other', findFlows],
  ['sorts and filters the table, and drops a connection, which is gone on the node', browseAndDrop],
  ['fails over to fw2, and sees the role move soon after the VRRP transition', failOver],
  ['fails back to fw1 by a plan of its own, and no flow lost a byte', failBack],
];

/** May follow the journey. */
export const unprotected: Step = [
  'is warned where nothing is replicated, and then the flows really break',
  failOverUnprotected,
];

async function seeHealthy(operator: Operator): Promise<void> {
  const { page, lab } = operator;
  await lab.untilInStep();
  await page.getByRole('row', { name: /OK lab .*fw1 fw2 Ready/ }).waitFor();
  expect.soft(await lookAt(operator, 'fleet')).toEqual([]);
  await page.getByRole('link', { name: 'Add a cluster' }).click();
  expect.soft(await lookAt(operator, 'add-cluster')).toEqual([]);
  await openCluster(page);

  await verdict(page).getByRole('heading', { name: 'fw2 can take over now.' }).waitFor();
  await nodeBox(page, 'fw1', /MASTER/, /master/).waitFor();
  await nodeBox(page, 'fw2', /BACKUP/, /slave/, /replicated/).waitFor();
  expect(await lab.master()).toBe('fw1');
  const figures = await page.getByRole('region', { name: 'Figures', exact: true }).innerText();
  const figure = (title: string) =>
    Number(new RegExp(`${title}\\s+([\\d,]+)`).exec(figures)?.[1]?.replaceAll(',', ''));
  // of the short connections, as many as begin and end while one and the other are read
  const apart = 60 * slowness();
  const [fw1, fw2] = await lab.status();
  expect(Math.abs(figure('Replicated') - (fw2?.external ?? Number.NaN))).toBeLessThan(apart);
  expect(Math.abs(figure('Connections on the master') - (fw1?.internal ?? Number.NaN))).toBeLessThan(apart);
  expect(figures).toMatch(/Lag\s+< 1 s/);
  expect.soft(await lookAt(operator, 'cluster')).toEqual([]);
}

async function findFlows(operator: Operator): Promise<void> {
  const { page, lab } = operator;
  await goTo(page, 'Connections');
  await page.getByRole('button', { name: 'Read the connections of fw1' }).click();
  await page.getByRole('grid', { name: 'Connections of fw1' }).waitFor();
  const [plain, snat] = [flowOf(lab, 'plain'), flowOf(lab, 'snat')];
  const detail = page.getByRole('complementary', { name: 'Connection' });

  await openConnection(operator, plain);
  expect(await detail.innerText()).toMatch(/tcp ESTABLISHED/);
  expect(await detail.innerText()).toMatch(/NAT\s+none/);
  await page.keyboard.press('Escape');

  await openConnection(operator, snat);
  const { local, seenFrom } = snat;
  await detail
    .getByText(`${local.address}:${local.port} → ${seenFrom?.address}:${seenFrom?.port}`, { exact: true })
    .waitFor();
  expect.soft(await lookAt(operator, 'connection')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  expect.soft(await lookAt(operator, 'connections')).toEqual([]);
}

async function openConnection({ page }: Operator, { local, remote }: FlowReport): Promise<void> {
  await page
    .getByRole('combobox', { name: 'Filter connections' })
    .fill(`sport == ${local.port} and dport == ${remote.port}`);
  await page.getByText(/^1 of [\d,]+$/).waitFor();
  await page.getByRole('gridcell', { name: String(local.port), exact: true }).dblclick();
}

async function failOver(operator: Operator): Promise<void> {
  const { page, lab } = operator;
  await goTo(page, 'Fail over');
  expect.soft(await lookAt(operator, 'choose')).toEqual([]);
  await page.getByRole('button', { name: 'Plan the failover to fw2' }).click();
  await page.getByRole('heading', { name: 'Fail over to fw2 from fw1' }).waitFor();
  const asRoot = operator.login === 'root' ? '' : '/usr/bin/sudo -n ';
  await page.getByText(`echo -100 | ${asRoot}/usr/bin/tee ${handoverFile}`).waitFor();
  expect(await page.getByRole('checkbox').count(), 'nothing to accept').toBe(0);
  expect.soft(await lookAt(operator, 'plan')).toEqual([]);
  await confirm(operator, 'Fail over to fw2', 'fw2');

  expect(await inHandoverFile(lab, 'fw1')).toBe('-100');
  await page.getByText(/fw1 is held down since \d\d:\d\d:\d\d/).waitFor();
  await nodeBox(page, 'fw1', /BACKUP/, /slave/, /held down since/).waitFor();
  await flowsGoOn(lab);
  expect.soft(await lookAt(operator, 'report')).toEqual([]);
}

async function failBack(operator: Operator): Promise<void> {
  const { page, lab } = operator;
  await lab.untilInStep();
  await page.getByRole('button', { name: 'Fail back to fw1' }).click();
  await page.getByRole('heading', { name: 'Fail back to fw1 from fw2' }).waitFor();
  await confirm(operator, 'Fail back to fw1', 'fw1');

  expect([await inHandoverFile(lab, 'fw1'), await inHandoverFile(lab, 'fw2')]).toEqual(['0', '0']);
  await nodeBox(page, 'fw1', /MASTER/, /master/).waitFor();
  expect(await page.getByText(/held down since/).count()).toBe(0);
  await flowsGoOn(lab);
  await lab.traffic.stop();
  for (const flow of tcpFlows(lab)) {
    expect(flow).toMatchObject({ alive: true, ended: undefined, lostBytes: 0, received: flow.sent });
  }
}

/** Types the cluster's name, fires, and watches: the role moves on the screen, then every step is done. */
async function confirm({ page, lab }: Operator, verb: string, to: string): Promise<void> {
  const fire = page.getByRole('button', { name: verb });
  const name = page.getByRole('textbox', { name: 'Type lab to confirm' });
  expect(await fire.isDisabled()).toBe(true);
  await name.fill('lib');
  expect(await fire.isDisabled(), 'by another name').toBe(true);
  await name.fill('lab');
  const shown = roleShown(page, to, 'master');
  await fire.click();
  await page.getByRole('heading', { name: `${verb}: Running` }).waitFor();
  const late = (await shown) - (await lastTransition(lab, to));
  console.warn(`${verb}: on screen ${Math.round(late)} ms after the VRRP transition`);
  expect(late, 'ms from the VRRP transition to the screen').toBeLessThan(1_000 * slowness());
  expect(await lab.master()).toBe(to);

  await page.getByRole('heading', { name: `${verb}: Done`, exact: true }).waitFor();
  const steps = page.getByRole('region', { name: 'What was done' }).getByRole('listitem');
  expect(await steps.count()).toBe(5);
  expect(await steps.filter({ hasText: /done/ }).count()).toBe(5);
}

async function failOverUnprotected(operator: Operator): Promise<void> {
  const { page, lab } = operator;
  await goTo(page, 'Overview');
  await lab.traffic.start();
  await lab.fault('agent', true, 'all');
  try {
    await verdict(page)
      .getByRole('heading', { name: /Unprotected: if fw1 failed now/ })
      .waitFor();
    expect.soft(await lookAt(operator, 'unprotected')).toEqual([]);
    await acceptAndFire(operator);
    await flowsBreak(lab);
  } finally {
    await lab.fault('agent', false, 'all');
    await lab.exec('fw1', ['tee', handoverFile], { input: '0\n' });
  }
  await goTo(page, 'Overview');
  await verdict(page).getByRole('heading', { name: 'fw2 can take over now.' }).waitFor({ timeout: 30_000 });
}

async function acceptAndFire(operator: Operator): Promise<void> {
  const { page } = operator;
  await goTo(page, 'Fail over');
  await page.getByRole('button', { name: 'Make another plan' }).click();
  await page.getByRole('button', { name: 'Plan the failover to fw2' }).click();
  const fire = page.getByRole('button', { name: 'Fail over to fw2' });
  await page.getByRole('textbox', { name: 'Type lab to confirm' }).fill('lab');
  const warnings = page.getByRole('checkbox', { name: 'I accept this' });
  expect(await warnings.count()).toBeGreaterThan(0);
  for (const warning of await warnings.all()) {
    expect(await fire.isDisabled(), 'before every warning is accepted').toBe(true);
    await warning.check();
  }
  expect.soft(await lookAt(operator, 'plan-with-warnings')).toEqual([]);
  await fire.click();
  await page.getByRole('heading', { name: 'Fail over to fw2: Running' }).waitFor();
  expect.soft(await lookAt(operator, 'run')).toEqual([]);
  // each step without the agent waits for what does not come: some twelve seconds, and more on a busy machine
  const differs = page.getByRole('heading', { name: 'Fail over to fw2: Done, and something differs' });
  await differs.waitFor({ timeout: 30_000 });
  expect.soft(await lookAt(operator, 'report-with-differences')).toEqual([]);
}

/** Every TCP flow has stood still for 5 s, stays so until the traffic is stopped, and then lacks bytes. */
async function flowsBreak(lab: Lab): Promise<void> {
  const stalled = await until('the flows to stand still', () => {
    const flows = tcpFlows(lab);
    return flows.every(({ alive, longestGapMs }) => !alive && longestGapMs > 5000) ? flows : undefined;
  });
  await lab.traffic.stop();
  for (const flow of tcpFlows(lab)) {
    const { acknowledged } = stalled.find(({ name }) => name === flow.name) ?? {};
    expect(flow).toMatchObject({ alive: false, acknowledged });
    expect(flow.lostBytes).toBeGreaterThan(0);
  }
}

const tcpFlows = (lab: Lab): FlowReport[] =>
  lab.traffic.report().flows.filter(({ protocol }) => protocol === 'tcp');

function flowOf(lab: Lab, name: FlowReport['name']): FlowReport {
  const flow = lab.traffic.report().flows.find((each) => each.name === name);
  if (flow === undefined) throw new Error(`the traffic has no flow ${name}`);
  return flow;
}

/** What was sent up to now came back, and none of it is missing. */
async function flowsGoOn(lab: Lab): Promise<void> {
  const at = tcpFlows(lab).map((flow) => flow.sent);
  await until('the flows to go on', () =>
    tcpFlows(lab).every((flow, i) => flow.acknowledged > (at[i] ?? 0)) ? true : undefined,
  );
  for (const flow of tcpFlows(lab)) expect(flow).toMatchObject({ alive: true, lostBytes: 0 });
}

async function inHandoverFile(lab: Lab, node: string): Promise<string> {
  return (await lab.exec(node, ['cat', handoverFile])).stdout.trim();
}

/** When the node became master in its own keepalived's words, in ms since the epoch; its instances move together. */
function lastTransition(lab: Lab, node: string): Promise<number> {
  return until(`${node}'s keepalived to say that it is master`, async () => {
    const { stdout } = await lab.exec(node, ['cat', '/tmp/keepalived.json']);
    const instances = [...stdout.matchAll(/"last_transition":([\d.]+).*?"state":(\d)/g)];
    const masters = instances.filter(([, , state]) => state === '2');
    if (masters.length < 2) return undefined;
    return Math.min(...masters.map(([, seconds]) => Number(seconds) * 1000));
  });
}
