import { X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';

interface DetailPanelProps {
  /** What one of it is called. */
  readonly label: string;
  readonly title: ReactNode;
  readonly copy: { readonly text: string; readonly label: string };
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** One of a list in full, beside the list; Escape closes it before anything else. */
export function DetailPanel({ label, title, copy, onClose, children }: DetailPanelProps) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [onClose]);
  return (
    <aside className="detail" aria-label={label}>
      <header>
        <h2>{title}</h2>
        <CopyButton text={copy.text} label={copy.label} />
        <Button kind="bare" size="icon" aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </header>
      {children}
    </aside>
  );
}
