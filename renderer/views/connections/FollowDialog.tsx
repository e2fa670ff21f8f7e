import { Dialog } from '@base-ui/react/dialog';
import { Button } from '../../components/Button.tsx';

interface FollowDialogProps {
  readonly node: string;
  readonly onFollow: () => void;
  readonly onClose: () => void;
}

/** Says what following costs a firewall before it begins. */
export const FollowDialog = ({ node, onFollow, onClose }: FollowDialogProps) => (
  <Dialog.Root open onOpenChange={(open) => open || onClose()}>
    <Dialog.Portal>
      <Dialog.Backdrop className="backdrop" />
      <Dialog.Popup className="popup dialog">
        <Dialog.Title>Follow the events of {node}?</Dialog.Title>
        <p>
          The kernel then tells each connection that begins, changes or ends, and pays for it: a listener took
          22 to 65 % of a firewall’s peak rate of new connections where it was measured, a dump 0 to 15 %. On
          a busy firewall reading again at a pace is the gentler way.
        </p>
        <p className="quiet">
          The table is then read again for timers and counters only, which no event tells, ten times less
          often than at its pace. Where events are lost, that is shown, and it is read again.
        </p>
        <div className="dialog-actions">
          <Dialog.Close className="button">Cancel</Dialog.Close>
          <Button kind="primary" onClick={onFollow}>
            Follow {node}
          </Button>
        </div>
      </Dialog.Popup>
    </Dialog.Portal>
  </Dialog.Root>
);
