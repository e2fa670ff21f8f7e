// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals colour pasted text with these
const colour = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** The text without its colours. */
export const withoutColour = (text: string): string =>
  text.includes('\u001b') ? text.replace(colour, '') : text;

/** A line of a dump without what a paste left around it: colours, and a mail's quote marks. */
export const pastedLine = (line: string): string => {
  const plain = withoutColour(line).trim();
  const isQuoted = /^[>|]|\|$/.test(plain);
  return isQuoted
    ? plain
        .replace(/^(?:\s*[>|])+/, '')
        .replace(/\|$/, '')
        .trim()
    : plain;
};
