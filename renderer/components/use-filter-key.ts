import { type RefObject, useLayoutEffect, useRef } from 'react';
import { isTyping } from './shortcuts.ts';

/** The field of the screen's filter, which `/` leads to from the moment that it is drawn. */
export function useFilterKey(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return field;
}
