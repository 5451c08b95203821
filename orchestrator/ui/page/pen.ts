/** What the drawings of the page are made of, on a canvas and as SVG. */
export type Pen = {
  /** a filled rectangle */
  rect(x: number, y: number, width: number, height: number, color: string): void;
  /** the outline of a rectangle */
  frame(x: number, y: number, width: number, height: number, color: string, thickness: number): void;
  dot(x: number, y: number, radius: number): void;
  line(
    points: readonly (readonly [number, number])[],
    color: string,
    thickness: number,
    dash?: readonly number[],
  ): void;
  /** a line of text whose middle is at y */
  text(x: number, y: number, text: string, color: string, anchor?: 'start' | 'middle' | 'end'): void;
  widthOf(text: string): number;
};

export const FONT = '12px system-ui, sans-serif';

export function canvasPen(context: CanvasRenderingContext2D): Pen {
  context.font = FONT;
  context.textBaseline = 'middle';
  return {
    rect(x, y, width, height, color) {
      context.fillStyle = color;
      context.fillRect(x, y, width, height);
    },
    frame(x, y, width, height, color, thickness) {
      context.strokeStyle = color;
      context.lineWidth = thickness;
      context.strokeRect(x, y, width, height);
    },
    dot(x, y, radius) {
      context.fillStyle = '#fff';
      context.strokeStyle = '#000';
      context.lineWidth = 1;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    },
    line(points, color, thickness, dash = []) {
      context.strokeStyle = color;
      context.lineWidth = thickness;
      context.setLineDash([...dash]);
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      context.stroke();
    },
    text(x, y, text, color, anchor = 'start') {
      context.fillStyle = color;
      context.textAlign = anchor === 'middle' ? 'center' : anchor;
      context.fillText(text, x, y);
    },
    widthOf: (text) => context.measureText(text).width,
  };
}

/** Text is measured as the browser draws it. */
let ruler: CanvasRenderingContext2D | undefined;

/** @returns a pen, and what it has drawn as a file */
export function svgPen(width: number, height: number, ground: string): { pen: Pen; file(): string } {
  const parts: string[] = [];
  const short = (value: number) => String(Number(value.toFixed(2)));
  ruler ??= document.createElement('canvas').getContext('2d')!;
  ruler.font = FONT;
  const measure = ruler;
  const pen: Pen = {
    rect(x, y, w, h, color) {
      parts.push(
        `<rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}" fill="${escaped(color)}"/>`,
      );
    },
    frame(x, y, w, h, color, thickness) {
      parts.push(
        `<rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}" fill="none" stroke="${escaped(color)}" stroke-width="${thickness}"/>`,
      );
    },
    dot(x, y, radius) {
      parts.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${radius}" fill="#fff" stroke="#000"/>`);
    },
    line(points, color, thickness, dash = []) {
      const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${short(x)},${short(y)}`).join('');
      const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
      parts.push(`<path d="${path}" fill="none" stroke="${escaped(color)}" stroke-width="${thickness}"${dashes}/>`);
    },
    text(x, y, text, color, anchor = 'start') {
      parts.push(
        `<text x="${short(x)}" y="${short(y)}" dominant-baseline="central" text-anchor="${anchor}" fill="${escaped(color)}">${escaped(text)}</text>`,
      );
    },
    widthOf: (text) => measure.measureText(text).width,
  };
  pen.rect(0, 0, width, height, ground);
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}" font-family="system-ui, sans-serif" font-size="12">`;
  return { pen, file: () => `${head}\n${parts.join('\n')}\n</svg>\n` };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]);
