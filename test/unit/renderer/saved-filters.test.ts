import { describe, expect, it } from 'vitest';
import {
  noFilters,
  readKept,
  withoutSaved,
  withSaved,
  withUsed,
} from '../../../renderer/views/connections/saved-filters-model.ts';

describe('the filters of a cluster', () => {
  it('are kept as they were written, and what is not ours counts as none', () => {
    const kept = withUsed(withSaved(noFilters, 'web', 'dport == 443'), 'udp');
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
    for (const text of [undefined, '', '{"saved":', '[]', '{"saved":[{"name":1}],"history":[]}'])
      expect(readKept(text)).toEqual(noFilters);
  });

  it('stand by name, one each, and go again', () => {
    const kept = withSaved(withSaved(withSaved(noFilters, 'web', 'a'), 'dns', 'b'), 'web', 'c');
    expect(kept.saved).toEqual([
      { name: 'dns', filter: 'b' },
      { name: 'web', filter: 'c' },
    ]);
    expect(withoutSaved(kept, 'dns').saved).toEqual([{ name: 'web', filter: 'c' }]);
  });

  it('remember the last thirty that were used, newest first, each once', () => {
    let kept = noFilters;
    for (let index = 0; index < 40; index += 1) kept = withUsed(kept, `dport == ${index}`);
    kept = withUsed(kept, 'dport == 20');
    expect(kept.history).toHaveLength(30);
    expect(kept.history.slice(0, 2)).toEqual(['dport == 20', 'dport == 39']);
  });
});
