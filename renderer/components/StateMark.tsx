import type { ReactElement } from 'react';
import type { Face, Shape } from './faces.ts';

/** Drawn on a 12 × 12 grid in the current tone; two shapes never differ by colour alone. */
const shapes: Record<Shape, ReactElement> = {
  disc: <circle cx="6" cy="6" r="5" fill="var(--tone)" />,
  ring: <circle cx="6" cy="6" r="4.25" fill="none" stroke="var(--tone)" strokeWidth="1.5" />,
  half: (
    <g>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="var(--tone)" strokeWidth="1.5" />
      <path d="M6 1.5a4.5 4.5 0 0 0 0 9z" fill="var(--tone)" />
    </g>
  ),
  check: (
    <g>
      <circle cx="6" cy="6" r="6" fill="var(--tone)" />
      <path d="M3.2 6.2 5.2 8.2 8.8 4.2" fill="none" stroke="var(--paper)" strokeWidth="1.6" />
    </g>
  ),
  triangle: (
    <g>
      <path d="M6 .6 11.8 11.4H.2z" fill="var(--tone)" />
      <path d="M6 4.4v3.2M6 8.8v1.2" stroke="var(--paper)" strokeWidth="1.4" />
    </g>
  ),
  octagon: (
    <g>
      <path d="M3.5 0h5L12 3.5v5L8.5 12h-5L0 8.5v-5z" fill="var(--tone)" />
      <path d="M4 4l4 4M8 4l-4 4" stroke="var(--paper)" strokeWidth="1.5" />
    </g>
  ),
  cross: <path d="M2 2l8 8M10 2l-8 8" stroke="var(--tone)" strokeWidth="2" />,
  square: <path d="M2 2h8v8H2z" fill="var(--tone)" />,
  dotted: (
    <circle
      cx="6"
      cy="6"
      r="4.5"
      fill="none"
      stroke="var(--tone)"
      strokeWidth="1.5"
      strokeDasharray="2 1.6"
    />
  ),
  hatched: (
    <g stroke="var(--tone)">
      <path d="M1 1h10v10H1z" fill="none" />
      <path d="M1 6l5-5M1 11 11 1M6 11l5-5" />
    </g>
  ),
};

export const StateMark = ({ face, size = 12 }: { face: Face; size?: number }) => (
  <svg
    className="mark"
    width={size}
    height={size}
    viewBox="0 0 12 12"
    data-tone={face.tone}
    aria-hidden="true"
  >
    {shapes[face.shape]}
  </svg>
);

/** Shape, word and colour together. */
export const State = ({ face, word = face.word }: { face: Face; word?: string }) => (
  <span className="state" data-tone={face.tone}>
    <StateMark face={face} />
    <span className="word cut">{word}</span>
  </span>
);
