import { Dialog } from '@base-ui/react/dialog';
import { setOverlay, useConsole } from '../client/store.ts';
import { keyList } from './shortcuts.ts';

export const KeyList = () => (
  <Dialog.Root
    open={useConsole((state) => state.overlay === 'keys')}
    onOpenChange={(open) => setOverlay(open ? 'keys' : null)}
  >
    <Dialog.Portal>
      <Dialog.Backdrop className="backdrop" />
      <Dialog.Popup className="popup dialog keys">
        <Dialog.Title>Keys</Dialog.Title>
        <dl>
          {keyList.map(([keys, what]) => (
            <div key={keys} className="pair">
              <dt>
                <kbd className="key">{keys}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Dialog.Popup>
    </Dialog.Portal>
  </Dialog.Root>
);
