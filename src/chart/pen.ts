/** What the plug-ins below need of a canvas context; the DOM's types are not at hand outside a browser. */
export interface Pen {
  font: string;
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  textAlign: string;
  textBaseline: string;
  save(): void;
  restore(): void;
  beginPath(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  translate(x: number, y: number): void;
  rotate(radians: number): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
}

/** A bar as Chart.js lays it out: `x` and `y` at its end, `base` where it starts. */
export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly base: number;
  readonly width: number;
  readonly height: number;
}

/** What the plug-ins need of a chart. */
export interface Drawn {
  readonly ctx: Pen;
  readonly chartArea: { readonly left: number; readonly right: number };
  readonly scales: Readonly<Record<string, { getPixelForValue(value: number): number }>>;
  isDatasetVisible(index: number): boolean;
  getDatasetMeta(index: number): { readonly data: readonly Bar[] };
}

/** A plug-in of one chart: drawn after the data, over it. */
export interface Overlay {
  readonly id: string;
  readonly afterDatasetsDraw: (chart: Drawn) => void;
}

/** Calls `draw` between save and restore, so that no style leaks. */
export function drawing(chart: Drawn, draw: (pen: Pen) => void): void {
  chart.ctx.save();
  draw(chart.ctx);
  chart.ctx.restore();
}
