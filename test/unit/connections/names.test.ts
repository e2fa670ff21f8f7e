import { expect, it } from 'vitest';
import { openNames } from '../../../main/connections/names.ts';

function resolver() {
  const asked: string[] = [];
  const answers: Record<string, string[] | string> = {
    '10.1.0.1': ['www.example.org', 'other.example.org'],
    '10.1.0.2': 'ENOTFOUND',
    '10.1.0.3': 'ETIMEOUT',
  };
  const reverse = async (address: string) => {
    asked.push(address);
    const answer = answers[address] ?? [];
    if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
    return answer;
  };
  return { asked, reverse };
}

it('tells a name, that there is none, and that the resolver did not tell apart', async () => {
  const { reverse } = resolver();
  expect(await openNames(() => 0, reverse).look(['10.1.0.1', '10.1.0.2', '10.1.0.3'])).toEqual([
    { address: '10.1.0.1', name: 'www.example.org' },
    { address: '10.1.0.2' },
    { address: '10.1.0.3', problem: 'the resolver did not tell (ETIMEOUT)' },
  ]);
});

it('asks for an address once in ten minutes, and again for what it was not told', async () => {
  const { asked, reverse } = resolver();
  let now = 0;
  const names = openNames(() => now, reverse);
  await names.look(['10.1.0.1', '10.1.0.2', '10.1.0.3']);
  now = 599_000;
  await names.look(['10.1.0.1', '10.1.0.2', '10.1.0.3']);
  expect(asked).toEqual(['10.1.0.1', '10.1.0.2', '10.1.0.3', '10.1.0.3']);
  now = 600_000;
  await names.look(['10.1.0.1']);
  expect(asked.at(-1)).toBe('10.1.0.1');
});
