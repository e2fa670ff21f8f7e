import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { announce } from '../client/store.ts';
import { Button } from './Button.tsx';

/** Copies a text; the icon says for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce('Copied');
  };
  return (
    <Button kind="bare" size="small" aria-label={label} title={label} onClick={copy}>
      {copied ? <Check /> : <Copy />}
    </Button>
  );
}

/** A command as it is sent, to read and to copy. */
export const Command = ({ text }: { text: string }) => (
  <div className="command">
    <code>{text}</code>
    <CopyButton text={text} label="Copy command" />
  </div>
);
