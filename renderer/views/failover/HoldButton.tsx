import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { announce } from '../../client/store.ts';

const holdMs = 1500;

interface HoldButtonProps {
  readonly disabled: boolean;
  readonly onFire: () => void;
  readonly children: ReactNode;
}

/** Fires after it was held down for 1.5 s, by pointer or by key; letting go before takes it back. */
export function HoldButton({ disabled, onFire, children }: HoldButtonProps) {
  const [held, setHeld] = useState(false);
  const fire = useRef(onFire);
  fire.current = onFire;
  useEffect(() => {
    if (!held) return;
    const timer = setTimeout(() => {
      setHeld(false);
      fire.current();
    }, holdMs);
    return () => clearTimeout(timer);
  }, [held]);
  const start = () => {
    if (disabled) return;
    setHeld(true);
    announce('Keep holding');
  };
  const stop = () => setHeld(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  return (
    <button
      type="button"
      className="button hold"
      data-kind="danger"
      data-held={held}
      disabled={disabled}
      title="Hold for 1.5 s"
      onPointerDown={start}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onKeyDown={onKeyDown}
      onKeyUp={stop}
      onBlur={stop}
    >
      <span className="hold-fill" aria-hidden="true" />
      <span className="hold-label">
        {children}
        <small>{held ? 'keep holding' : 'hold'}</small>
      </span>
    </button>
  );
}
