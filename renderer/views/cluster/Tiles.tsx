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
      <FigureBox key={figure.node} figure={figure} />
    ))}
  </div>
);

function FigureBox({ figure }: { figure: TileFigure }) {
  const fresh = useFreshness(figure.observedAt);
  return (
    <div className="tile-figure" data-known={figure.known}>
      <p className="value" data-fresh={fresh}>
        {figure.value}
        {figure.unit && <span className="unit"> {figure.unit}</span>}
      </p>
      {figure.note && (
        <p className="small quiet cut" title={figure.note}>
          {figure.note}
        </p>
      )}
      <p className="small quiet tile-foot">
        <span className="cut" title={figure.node}>
          {figure.node}
        </span>
        {figure.observedAt !== undefined && <Age at={figure.observedAt} cadence={everySecond} />}
      </p>
    </div>
  );
}
