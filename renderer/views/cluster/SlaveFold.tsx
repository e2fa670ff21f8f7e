import './slave-fold.css';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

interface SlaveFoldProps {
  readonly node: string;
  /** What unfolds, in one word: it tells the folds of one slave apart. */
  readonly what: string;
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Beside the slave's name. */
  readonly head: ReactNode;
  /** At the end of the line, and no part of what is clicked to unfold. */
  readonly action?: ReactNode;
  /** Below the line, folded or not. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A line of one slave that unfolds to what it rests on. */
export const SlaveFold = ({ node, what, open, onToggle, head, action, note, children }: SlaveFoldProps) => (
  <div className="slave-fold">
    <div className="slave-fold-line">
      <h3>
        <button type="button" aria-expanded={open} aria-controls={`${what}-${node}`} onClick={onToggle}>
          <ChevronRight className="icon" aria-hidden="true" />
          <strong className="cut" title={node}>
            {node}
          </strong>
          {head}
        </button>
      </h3>
      {action}
    </div>
    {note}
    <div id={`${what}-${node}`} hidden={!open}>
      {open && children}
    </div>
  </div>
);
