import { FileDown, Image } from 'lucide-react';
import { type RefObject, useState } from 'react';
import { formatInstant } from '../../../shared/domain/format.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
import { announce } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import type { TimeSpan } from '../../components/charts/chart-model.ts';
import { type Copied, copyPicture, copyText } from '../../components/charts/copy.ts';
import { pictureOf } from '../../components/charts/picture.ts';
import type { TimeWindow } from '../../components/charts/time-window.ts';
import { ranges } from './charts-model.ts';
import { figuresCsv } from './figures-csv.ts';

interface ChartsBarProps {
  readonly cluster: string;
  readonly window: TimeWindow;
  readonly span: TimeSpan;
  readonly series: ClusterSeries;
  readonly picture: RefObject<HTMLDivElement | null>;
  readonly asTable: boolean;
  readonly onTable: (asTable: boolean) => void;
  readonly onRange: (seconds: number) => void;
  readonly onNow: () => void;
}

/** Over the charts: which time they show, and what can be taken out of them. */
export function ChartsBar(props: ChartsBarProps) {
  const { cluster, window, span, series, picture, asTable, onTable, onRange, onNow } = props;
  const [said, setSaid] = useState('');
  const say = async (copied: Promise<Copied>) => {
    const words = (await copied).message;
    setSaid(words);
    announce(words);
    setTimeout(() => setSaid((now) => (now === words ? '' : now)), 4_000);
  };
  const title = `${cluster}, ${formatInstant(span.from)} to ${formatInstant(span.to)}`;
  const file = `${cluster}-${formatInstant(span.to).replaceAll(/[: ]/g, '-')}`;
  const csv = () => say(copyText(figuresCsv(series), `${file}.csv`));
  const png = () => picture.current && say(copyPicture(pictureOf(picture.current, title), `${file}.png`));
  return (
    <div className="charts-bar">
      <h2 className="section-title">Figures over time</h2>
      {window.kind === 'still' && (
        <p className="small quiet">
          {formatInstant(window.from)} – {formatInstant(window.to)}{' '}
          <Button size="small" onClick={onNow}>
            Back to now
          </Button>
        </p>
      )}
      <p className="small quiet charts-said">{said}</p>
      <div className="row-of">
        <Button kind="bare" size="small" onClick={csv} title="Copy the figures of this time as CSV">
          <FileDown aria-hidden="true" /> Copy CSV
        </Button>
        <Button
          kind="bare"
          size="small"
          onClick={png}
          disabled={asTable}
          title="Copy the charts as a picture"
        >
          <Image aria-hidden="true" /> Copy PNG
        </Button>
        <Button kind="bare" size="small" aria-pressed={asTable} onClick={() => onTable(!asTable)}>
          {asTable ? 'As curves' : 'As a table'}
        </Button>
        <fieldset className="segments" aria-label="Time range">
          {ranges.map(({ word, seconds }) => (
            <button
              key={seconds}
              type="button"
              aria-pressed={window.kind === 'live' && seconds === window.seconds}
              onClick={() => onRange(seconds)}
            >
              {word}
            </button>
          ))}
        </fieldset>
      </div>
    </div>
  );
}
