/** The known word that was probably meant; undefined where none is near enough to be more than a guess. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const reach = Math.max(2, Math.floor(written.length / 3));
  return known
    .map((word) => ({ word, distance: editDistance(written.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= reach && distance < word.length)
    .sort((a, b) => a.distance - b.distance)[0]?.word;
}

/** Insertions, deletions and substitutions between two words (Levenshtein's distance). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [left = 0, above = 0, diagonal = 0] = [next[j - 1], row[j], row[j - 1]];
      next.push(Math.min(left + 1, above + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
