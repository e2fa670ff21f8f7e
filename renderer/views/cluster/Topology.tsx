import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { useSize } from '../../components/use-size.ts';
import { NodeCard } from './NodeCard.tsx';
import {
  type AddressChip,
  boxHeight,
  boxY,
  busY,
  chipHeight,
  chipWidth,
  type Topology as Drawing,
  layoutTopology,
  type NodeBox,
  type SyncLink,
  syncBusY,
} from './topology-model.ts';

export function Topology({ cluster }: { cluster: ClusterSnapshot }) {
  const [ref, { width }] = useSize();
  return (
    <section className="topology" ref={ref} aria-label="Topology">
      {width > 0 && <Picture drawing={layoutTopology(cluster, width)} />}
    </section>
  );
}

const Picture = ({ drawing }: { drawing: Drawing }) => (
  // biome-ignore lint/a11y/noSvgWithoutTitle: the section names it, and its text is read as text
  <svg width={drawing.width} height={drawing.height}>
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" fill="var(--unknown-fill)" />
        <path d="M0 0v6" stroke="var(--hatch)" strokeWidth="2.5" />
      </pattern>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
        <path d="M0 0l8 4-8 4z" fill="context-stroke" />
      </marker>
    </defs>
    <text x="0" y={busY - 12} className="topology-label">
      Clients
    </text>
    <path d={`M0 ${busY}H${drawing.width}`} className="bus" />
    {drawing.nodes.map((box) => (
      <Attachment key={box.node.name} box={box} />
    ))}
    {drawing.addresses.map((chip) => (
      <Address key={`${chip.instance} ${chip.address} ${chip.nodeX}`} chip={chip} />
    ))}
    {drawing.nodes.length > 2 && <SyncNetwork drawing={drawing} />}
    {drawing.links.map((link) =>
      drawing.nodes.length > 2 ? (
        <BusDrop key={link.from} link={link} />
      ) : (
        <PairLink key={`${link.from} ${link.to}`} link={link} />
      ),
    )}
    {drawing.nodes.map((box) => (
      <NodeBoxDrawing key={box.node.name} box={box} boxWidth={drawing.boxWidth} />
    ))}
    {drawing.nodes.length === 1 && <NoPeer drawing={drawing} />}
    {drawing.alarm && <Alarm drawing={drawing} text={drawing.alarm} />}
  </svg>
);

/** A node's way to the clients: the master carries it, a slave stands by, of an unknown one nothing is claimed. */
const Attachment = ({ box }: { box: NodeBox }) => (
  <path d={`M${box.x} ${busY}V${boxY}`} className="attachment" data-kind={attachmentKind(box)} />
);

const attachmentKind = ({ carries, unknown, contested }: NodeBox) => {
  if (contested) return 'contested';
  if (carries) return 'carries';
  return unknown ? 'unknown' : 'stands-by';
};

const Address = ({ chip }: { chip: AddressChip }) => (
  <g className="address" data-state={chip.state}>
    {chip.nodeX === undefined && <path d={`M${chip.x} ${busY}v24`} className="stub" />}
    <rect x={chip.x - chipWidth / 2} y={chip.y} width={chipWidth} height={chipHeight} rx="12" />
    <foreignObject x={chip.x - chipWidth / 2} y={chip.y} width={chipWidth} height={chipHeight}>
      <div className="chip" title={`${chip.address}, instance ${chip.instance}`}>
        <span className="cut">{chip.address}</span>
        <span className="instance cut">{chip.state === 'orphan' ? 'nobody' : chip.instance}</span>
      </div>
    </foreignObject>
  </g>
);

const NodeBoxDrawing = ({ box, boxWidth }: { box: NodeBox; boxWidth: number }) => {
  const x = box.x - boxWidth / 2;
  return (
    <g
      className="node"
      data-tone={box.face.tone}
      data-unknown={box.unknown}
      data-carries={box.carries}
      data-contested={box.contested}
    >
      <rect x={x + 0.5} y={boxY + 0.5} width={boxWidth - 1} height={boxHeight - 1} rx="6" />
      <foreignObject x={x} y={boxY} width={boxWidth} height={boxHeight}>
        <NodeCard box={box} />
      </foreignObject>
    </g>
  );
};

const PairLink = ({ link }: { link: SyncLink }) => (
  <g className="link" data-tone={link.state.tone}>
    <path d={`M${link.x1} ${link.y}H${link.x2}`} markerEnd="url(#arrow)" />
    <text x={(link.x1 + link.x2) / 2} y={link.y - 6} textAnchor="middle">
      {link.label}
      {link.state.word !== '' && (
        <tspan className="link-word" dx="8">
          {link.state.word}
        </tspan>
      )}
    </text>
  </g>
);

const BusDrop = ({ link }: { link: SyncLink }) => (
  <g className="link" data-tone={link.state.tone}>
    <path d={`M${link.x1} ${boxY + boxHeight}V${link.y}`} />
    <text x={link.x1 - 8} y={boxY + boxHeight + 20} textAnchor="end">
      {link.label}
    </text>
    <text x={link.x1 + 8} y={boxY + boxHeight + 20}>
      {link.received}
    </text>
    <text x={link.x1 + 8} y={boxY + boxHeight + 38} className="link-word">
      {link.state.word}
    </text>
  </g>
);

const SyncNetwork = ({ drawing }: { drawing: Drawing }) => (
  <g>
    <path d={`M0 ${syncBusY}H${drawing.width}`} className="bus" />
    <text x="0" y={syncBusY + 18} className="topology-label">
      Sync network
    </text>
  </g>
);

const NoPeer = ({ drawing }: { drawing: Drawing }) => (
  <text
    x={drawing.width / 2 + drawing.boxWidth / 2 + 24}
    y={boxY + boxHeight / 2 + 4}
    className="topology-label"
  >
    No peer: nothing is replicated
  </text>
);

/** Between the nodes, over everything: what has two holders, or none. */
const Alarm = ({ drawing, text }: { drawing: Drawing; text: string }) => (
  <g className="alarm">
    <rect x={drawing.width / 2 - 92} y={busY + 54} width="184" height="28" rx="4" />
    <text x={drawing.width / 2} y={busY + 73} textAnchor="middle">
      {text}
    </text>
  </g>
);
