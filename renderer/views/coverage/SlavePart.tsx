import type { SlaveCoverage } from '../../../shared/domain/coverage.ts';
import type { CoverageClass, MissingReason } from '../../../shared/domain/coverage-class.ts';
import { unwanted } from '../../../shared/domain/coverage-report.ts';
import { formatCount, formatShare } from '../../../shared/domain/format.ts';
import { classFace, classHelp, reasonWord } from '../../components/coverage-faces.ts';
import { verdictFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { classCounts, reasonCounts, slaveSentence } from './coverage-model.ts';
import { MissingSummary } from './MissingSummary.tsx';
import { MissingTable } from './MissingTable.tsx';

/** Which rows are looked at. */
export interface Chosen {
  readonly class?: CoverageClass;
  readonly reason?: MissingReason;
}

interface SlavePartProps {
  readonly slave: SlaveCoverage;
  readonly chosen: Chosen;
  readonly filtered: boolean;
  readonly onChoose: (chosen: Chosen) => void;
}

/** One slave: how much it holds, and by name what it does not. */
export const SlavePart = ({ slave, chosen, filtered, onChoose }: SlavePartProps) => {
  const lacks = unwanted(slave) > 0;
  const narrowed = filtered || chosen.class !== undefined;
  const rows = slave.connections;
  return (
    <section className="slave-part" aria-label={slave.node}>
      <header>
        <StateMark face={lacks ? verdictFace.warning : verdictFace.ok} size={16} />
        <h1>{slaveSentence(slave)}</h1>
        {slave.coverage !== null && (
          <span className="quiet">
            {formatShare(slave.coverage)} of {formatCount(slave.of)} replicated
          </span>
        )}
        {slave.unreadable > 0 && (
          <span className="quiet">{formatCount(slave.unreadable)} lines not readable</span>
        )}
      </header>
      <Bar slave={slave} />
      <Classes slave={slave} chosen={chosen} onChoose={onChoose} />
      {slave.missing > 0 && <MissingSummary missingBy={slave.missingBy} />}
      {rows.length > 0 && <MissingTable slave={slave} />}
      {rows.length === 0 && narrowed && (
        <p className="quiet slave-none">No connection of {slave.node} is like that.</p>
      )}
      {slave.matched > rows.length && (
        <p className="quiet slave-none">
          {formatCount(rows.length)} of {formatCount(slave.matched)} shown: filter for the others, or export
          them.
        </p>
      )}
    </section>
  );
};

/** The master's connections by class, to scale; a class that is there is never too thin to be seen. */
const Bar = ({ slave }: { slave: SlaveCoverage }) => (
  <div className="coverage-bar" aria-hidden="true">
    {classCounts(slave)
      .filter(({ class: name, count }) => count > 0 && name !== 'ghost')
      .map(({ class: name, count }) => (
        <span key={name} data-tone={classFace[name].tone} style={{ flexGrow: count }} />
      ))}
  </div>
);

const Classes = ({ slave, chosen, onChoose }: Omit<SlavePartProps, 'filtered'>) => (
  <fieldset className="class-counts" aria-label={`Show of ${slave.node}`}>
    {classCounts(slave).map(({ class: name, count }) => {
      const face = classFace[name];
      const label = (
        <>
          <StateMark face={face} />
          <b>{formatCount(count)}</b> {name === 'ghost' && count !== 1 ? 'ghosts' : face.word}
        </>
      );
      if (name === 'replicated' || count === 0)
        return (
          <span key={name} title={classHelp[name]} data-none={count === 0}>
            {label}
          </span>
        );
      const pressed = chosen.class === name && chosen.reason === undefined;
      return (
        <button
          key={name}
          type="button"
          title={classHelp[name]}
          aria-pressed={pressed}
          onClick={() => onChoose(pressed ? {} : { class: name })}
        >
          {label}
        </button>
      );
    })}
    {reasonCounts(slave).map(({ reason, count }) => (
      <button
        key={reason}
        type="button"
        className="reason"
        aria-pressed={chosen.reason === reason}
        onClick={() => onChoose(chosen.reason === reason ? {} : { class: 'missing', reason })}
      >
        <b>{formatCount(count)}</b> {reasonWord[reason]}
      </button>
    ))}
  </fieldset>
);
