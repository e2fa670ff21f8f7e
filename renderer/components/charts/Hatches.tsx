import { hatchId } from './Curves.tsx';

/** The patterns that charts are hatched with, one a colour of the theme. */
export const Hatches = ({ colours }: { colours: readonly string[] }) => (
  <svg width="0" height="0" className="hatches" aria-hidden="true">
    <defs>
      {colours.map((colour, index) => (
        <pattern key={colour} id={hatchId(colour)} width="6" height="6" patternUnits="userSpaceOnUse">
          <path
            d={index % 2 === 0 ? 'M-1 1l2 -2M0 6l6 -6M5 7l2 -2' : 'M-1 5l2 2M0 0l6 6M5 -1l2 2'}
            style={{ color: colour }}
            className="hatch-line"
          />
        </pattern>
      ))}
    </defs>
  </svg>
);
