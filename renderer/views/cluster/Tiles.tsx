import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { everySecond } from '../../../shared/domain/freshness.ts';
import { Age, useFreshness } from '../../components/Age.tsx';
import { type Tile, type TileFigure, tilesOf } from './cluster-model.ts';

export const Tiles = ({ cluster }: { cluster: ClusterSnapshot }) => (
  <section className="tiles" aria-label="Figures">
    {tilesOf(cluster).map((tile) => (
      <TileBox key={tile.title} tile={tile} />
    ))}
  </section>
);

const TileBox = ({ tile }: { tile: Tile }) => (
  <div className="tile" data-many={tile.figures.length > 1}>
    <h2>{tile.title}</h2>
    {tile.figures.map((figure) => (
      <FigureBox key={figure.node} figure={figure} brief={tile.figures.length > 1} />
    ))}
  </div>
);

interface FigureBoxProps {
  readonly figure: TileFigure;
  /** One line a node, so that several nodes line up across the tiles. */
  readonly brief: boolean;
}

function FigureBox({ figure, brief }: FigureBoxProps) {
  const fresh = useFreshness(figure.observedAt, figure.cadence);
  const value = (
    <p className="value" data-fresh={fresh} title={brief ? figure.note : undefined}>
      {figure.value}
      {figure.unit && <span className="unit"> {figure.unit}</span>}
    </p>
  );
  const age = figure.observedAt !== undefined && (
    <Age at={figure.observedAt} cadence={figure.cadence ?? everySecond} />
  );
  const node = (
    <span className="cut" title={figure.node}>
      {figure.node}
    </span>
  );
  if (brief) {
    return (
      <div className="tile-figure brief" data-known={figure.known}>
        <span className="small quiet cut">{node}</span>
        {value}
        {fresh !== 'fresh' && <span className="small quiet">{age}</span>}
      </div>
    );
  }
  return (
    <div className="tile-figure" data-known={figure.known}>
      {value}
      <p className="small quiet cut" title={figure.note}>
        {figure.note ?? '\u00a0'}
      </p>
      <p className="small quiet tile-foot">
        {node}
        {age}
      </p>
    </div>
  );
}
