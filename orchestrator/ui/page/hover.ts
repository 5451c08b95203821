/**
 * What a figure has under the pointer. Vega describes each mark and each axis in words (`aria-label`), for readers that do not see; of a line it
 * describes the first point, and the others follow from the ends of the axes.
 */

/** attributes that hold the words of a part, and what it is */
export const LABEL = 'data-label';
export const KIND = 'data-kind';

/** pixels on the screen */
const NEAR = 14;

/** The nearest mark in words; empty when nothing is near. */
export function explain({ currentTarget, clientX, clientY }: MouseEvent): string {
  const box = currentTarget as Element;
  let best = { distance: NEAR, text: '' };
  for (const mark of box.querySelectorAll<SVGGraphicsElement>(`[${LABEL}][${KIND}]`)) {
    const label = mark.getAttribute(LABEL);
    if (label === null || /axis|legend|Title text|header/.test(mark.getAttribute(KIND) ?? '')) continue;
    const bounds = mark.getBoundingClientRect();
    const [dx, dy] = [outside(clientX, bounds.left, bounds.right), outside(clientY, bounds.top, bounds.bottom)];
    if (Math.hypot(dx, dy) >= best.distance) continue;
    const isLine = /line/.test(mark.getAttribute(KIND) ?? '');
    const found =
      isLine && mark instanceof SVGPathElement
        ? onLine(mark, label, clientX, clientY)
        : { distance: toCentre(bounds, clientX, clientY), text: label };
    if (found !== undefined && found.distance < best.distance) best = found;
  }
  return best.text;
}

const outside = (value: number, low: number, high: number): number => Math.max(low - value, value - high, 0);

const toCentre = ({ left, right, top, bottom }: DOMRect, x: number, y: number): number =>
  Math.max(0, Math.hypot(x - (left + right) / 2, y - (top + bottom) / 2) - Math.max(right - left, bottom - top) / 2);

function onLine(
  path: SVGPathElement,
  label: string,
  x: number,
  y: number,
): { distance: number; text: string } | undefined {
  const matrix = path.getScreenCTM();
  if (matrix === null) return undefined;
  const inverse = matrix.inverse();
  const pointer = new DOMPoint(x, y).matrixTransform(inverse);
  let best: { distance: number; x: number; y: number } | undefined;
  for (const [, px, py] of (path.getAttribute('d') ?? '').matchAll(/[ML](-?[\d.e]+)[, ](-?[\d.e-]+)/g)) {
    const [vx, vy] = [Number(px), Number(py)];
    const distance = Math.hypot(vx - pointer.x, vy - pointer.y) * matrix.a;
    if (best === undefined || distance < best.distance) best = { distance, x: vx, y: vy };
  }
  if (best === undefined) return undefined;
  return { distance: best.distance, text: withValues(path, label, best) };
}

/** The words for the first point with the values of another one in their place. */
function withValues(path: SVGPathElement, label: string, point: { x: number; y: number }): string {
  const scope = path.closest('.mark-group')?.parentElement?.closest('.mark-group') ?? path.ownerSVGElement;
  const [horizontal, vertical] = ['X', 'Y'].map((name) => axisOf(scope, name));
  const fields = label.split('; ');
  const replace = (index: number, value: number | undefined) => {
    const [name] = (fields[index] ?? '').split(': ');
    if (value !== undefined && name !== '') fields[index] = `${name}: ${Number(value.toPrecision(4))}`;
  };
  replace(0, horizontal?.(point.x));
  replace(1, vertical?.(point.y));
  return fields.filter((field) => !/^\w+: ?$/.test(field)).join('; ');
}

/** From pixels to values, by the words and the line of an axis. */
function axisOf(scope: Element | null, name: string): ((pixel: number) => number) | undefined {
  for (const axis of scope?.querySelectorAll(`[${KIND}="axis"]`) ?? []) {
    const words = axis.getAttribute(LABEL) ?? '';
    const [, kind, low, high] = /^.-axis .*for a (\w+) scale with values from (\S+) to (\S+)$/.exec(words) ?? [];
    if (!words.startsWith(`${name}-axis`) || (kind !== 'linear' && kind !== 'log')) continue;
    const line = axis.querySelector('.role-axis-domain line');
    const length = Number(line?.getAttribute(name === 'X' ? 'x2' : 'y2') ?? 0);
    if (length === 0) continue;
    const [from, to] = [low, high].map((text) => Number(text.replaceAll(',', '').replace('−', '-')));
    // the vertical line goes up or down
    const share = (pixel: number) =>
      name === 'X' ? pixel / length : length < 0 ? 1 - pixel / -length : 1 - pixel / length;
    return kind === 'linear'
      ? (pixel) => from + (to - from) * share(pixel)
      : (pixel) => Math.exp(Math.log(from) + (Math.log(to) - Math.log(from)) * share(pixel));
  }
  return undefined;
}
