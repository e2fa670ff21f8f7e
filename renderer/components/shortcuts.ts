const isMac = navigator.platform.startsWith('Mac');

export const paletteShortcut = isMac ? '⌘K' : 'Ctrl K';

/** Whether keys typed now belong to a field rather than to the screen. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName));

/** The key list, as `?` shows it. */
export const keyList: readonly (readonly [string, string])[] = [
  [paletteShortcut, 'Go to a cluster or a screen, or do something'],
  ['/', 'Filter'],
  ['↑ ↓ Page ↑ Page ↓ Home End', 'Move in a table'],
  ['Enter', 'Open the row'],
  [isMac ? '⌘A' : 'Ctrl A', 'Choose all rows that match'],
  ['Shift ↑ ↓, Ctrl ↑ ↓ and Space', 'Choose rows in a range, or one by one'],
  [isMac ? '⌘C' : 'Ctrl C', 'Copy the rows as text'],
  ['Shift C, Shift J', 'Copy connections as CSV, as JSON'],
  [isMac ? '⌘⇧C' : 'Ctrl Shift C', 'Copy connections as conntrack commands'],
  ['← → in heads', 'Go along the columns; with Shift their width, with Ctrl Shift their place'],
  ['A', 'Acknowledge the alert'],
  ['← → ↑ ↓ in charts', 'Move the cursor; go from event to event'],
  ['+ − 0, Shift ← →', 'Zoom charts, back to now; pan them'],
  ['R', "Read a node's connections again"],
  ['Esc', 'Back out: close the panel, clear the filter, go up'],
  ['?', 'This list'],
];
