/**
 * Charts as a picture, drawn here from what is on the screen, in the colours that the theme has given it. Shape by shape
 * on a canvas, because an image of an SVG is something that the console's policy forbids to load.
 */

/** Pixels of the picture for each of the screen's, so that it stays sharp in a report. */
const scale = 2;
const border = 16;
const head = 28;

export function pictureOf(root: HTMLElement, title: string): Promise<Blob> {
  const box = root.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil((box.width + 2 * border) * scale);
  canvas.height = Math.ceil((box.height + 2 * border + head) * scale);
  const context = canvas.getContext('2d');
  if (!context) return Promise.reject(new Error('no canvas'));
  const page = getComputedStyle(root);
  context.fillStyle = groundOf(root);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.fillStyle = page.color;
  context.font = `600 13px ${page.fontFamily}`;
  context.fillText(title, border, border + 12);
  const origin = { x: border - box.left, y: border + head - box.top };
  draw(context, root, origin, 1);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  );
}

/** What a browser gives for no colour at all. */
const clear = 'rgba(0, 0, 0, 0)';

function groundOf(element: Element): string {
  const { backgroundColor } = getComputedStyle(element);
  return backgroundColor === clear && element.parentElement
    ? groundOf(element.parentElement)
    : backgroundColor;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function draw(context: CanvasRenderingContext2D, element: Element, origin: Point, opacity: number): void {
  const style = getComputedStyle(element);
  const seen = opacity * Number(style.opacity);
  if (style.display === 'none' || style.visibility === 'hidden' || seen === 0) return;
  if (element.matches('.visually-hidden, .hatches, defs, clipPath, .time-cursor, .time-selection')) return;
  context.save();
  if (element instanceof SVGSVGElement && element.dataset.clip) clip(context, element, origin);
  if (element instanceof SVGGeometryElement) drawShape(context, element, style, origin, seen);
  for (const child of element.childNodes) {
    if (child instanceof Element) draw(context, child, origin, seen);
    else if (child instanceof Text) drawText(context, child, style, origin, seen);
  }
  context.restore();
}

function clip(context: CanvasRenderingContext2D, element: SVGSVGElement, origin: Point): void {
  const box = element.getBoundingClientRect();
  context.beginPath();
  context.rect(box.left + origin.x, box.top + origin.y, box.width, box.height);
  context.clip();
}

function drawShape(
  context: CanvasRenderingContext2D,
  shape: SVGGeometryElement,
  style: CSSStyleDeclaration,
  origin: Point,
  opacity: number,
): void {
  const matrix = shape.getScreenCTM();
  if (!matrix) return;
  const path = new Path2D();
  path.addPath(new Path2D(outline(shape)), matrix);
  context.save();
  context.translate(origin.x, origin.y);
  const fill = /^url\("?#([^")]+)/.exec(style.fill)?.[1];
  const paint = fill === undefined ? style.fill : hatch(context, fill);
  if (paint && paint !== 'none') {
    context.globalAlpha = opacity * Number(style.fillOpacity);
    context.fillStyle = paint;
    context.fill(path);
  }
  if (style.stroke !== 'none') {
    context.globalAlpha = opacity * Number(style.strokeOpacity);
    context.strokeStyle = style.stroke;
    context.lineWidth = Number.parseFloat(style.strokeWidth) || 1;
    context.lineCap = style.strokeLinecap === 'round' ? 'round' : 'butt';
    context.lineJoin = 'round';
    context.setLineDash(
      style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[\s,]+/).map(Number.parseFloat),
    );
    context.stroke(path);
  }
  context.restore();
}

/** Any shape as the data of a path. */
function outline(shape: SVGGeometryElement): string {
  if (shape instanceof SVGPathElement) return shape.getAttribute('d') ?? '';
  const { x, y, width, height } = shape.getBBox();
  if (shape instanceof SVGLineElement) return `M${x} ${y}L${x + width} ${y + height}`;
  if (shape instanceof SVGCircleElement) {
    const r = width / 2;
    return `M${x} ${y + r}a${r} ${r} 0 1 0 ${width} 0a${r} ${r} 0 1 0 ${-width} 0Z`;
  }
  return `M${x} ${y}h${width}v${height}h${-width}Z`;
}

/** One of the theme's hatches as a fill of the canvas. */
function hatch(context: CanvasRenderingContext2D, id: string): CanvasPattern | null {
  const pattern = document.getElementById(id);
  const line = pattern?.querySelector('path');
  if (!pattern || !line) return null;
  const size = Number(pattern.getAttribute('width'));
  const tile = new OffscreenCanvas(size * scale, size * scale);
  const brush = tile.getContext('2d');
  if (!brush) return null;
  const style = getComputedStyle(line);
  brush.scale(scale, scale);
  brush.strokeStyle = style.stroke;
  brush.globalAlpha = Number(style.strokeOpacity);
  brush.lineWidth = Number.parseFloat(style.strokeWidth);
  brush.stroke(new Path2D(line.getAttribute('d') ?? ''));
  const fill = context.createPattern(tile, 'repeat');
  fill?.setTransform(new DOMMatrix().scale(1 / scale));
  return fill;
}

/** A text where the screen has it, cut as there. */
function drawText(
  context: CanvasRenderingContext2D,
  node: Text,
  style: CSSStyleDeclaration,
  origin: Point,
  opacity: number,
): void {
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  const parent = node.parentElement;
  if (node.data.trim() === '' || box.width === 0 || !parent) return;
  context.globalAlpha = opacity;
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = parent instanceof SVGElement ? style.fill : style.color;
  const room =
    style.textOverflow === 'ellipsis' ? parent.getBoundingClientRect().width : Number.POSITIVE_INFINITY;
  const text = shortened(node.data.trim(), room + 1, (part) => context.measureText(part).width);
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText(text);
  context.fillText(text, box.left + origin.x, box.top + origin.y + (box.height - up - down) / 2 + up);
}

function shortened(text: string, room: number, width: (text: string) => number): string {
  if (width(text) <= room) return text;
  let part = text;
  while (part !== '' && width(`${part}…`) > room) part = part.slice(0, -1);
  return `${part}…`;
}
