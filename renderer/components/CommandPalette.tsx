import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { navigate, setOverlay, setTheme, useConsole } from '../client/store.ts';
import { type Command, commandsOf, searchCommands } from './commands.ts';

export const CommandPalette = () => (
  <Dialog.Root
    open={useConsole((state) => state.overlay === 'palette')}
    onOpenChange={(open) => setOverlay(open ? 'palette' : null)}
  >
    <Dialog.Portal>
      <Dialog.Backdrop className="backdrop" />
      <Dialog.Popup className="popup dialog palette" aria-label="Go to or do">
        <Palette />
      </Dialog.Popup>
    </Dialog.Portal>
  </Dialog.Root>
);

function run({ action }: Command): void {
  setOverlay('overlay' in action ? action.overlay : null);
  if ('go' in action) navigate(action.go);
  if ('theme' in action) setTheme(action.theme);
}

function Palette() {
  const fleet = useConsole((state) => state.fleet);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => searchCommands(commandsOf(fleet), text), [fleet, text]);
  const index = Math.min(chosen, found.length - 1);
  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((index + step + found.length) % Math.max(1, found.length));
    }
    const command = found[index];
    if (event.key === 'Enter' && command !== undefined) run(command);
  };
  return (
    <>
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={index >= 0 ? `palette-${index}` : undefined}
        aria-label="Go to or do"
        placeholder="A cluster, a node, a screen…"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id="palette-list" role="listbox" aria-label="Commands" ref={list}>
        {found.map((command, position) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys belong to the combobox above
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox above
          <div
            key={command.id}
            id={`palette-${position}`}
            role="option"
            aria-selected={position === index}
            onClick={() => run(command)}
            onPointerMove={() => setChosen(position)}
          >
            {command.title}
            <span className="hint">{command.hint}</span>
          </div>
        ))}
        {found.length === 0 && <p className="quiet palette-none">Nothing here has these words.</p>}
      </div>
    </>
  );
}
