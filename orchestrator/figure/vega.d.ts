import 'vega';

declare module 'vega' {
  export type TextItem = { fontSize?: number; fontWeight?: string | number };
  /** exported, but not declared, by the package: how long a text is, in pixels */
  export const textMetrics: { width(item: TextItem, text: unknown): number };
}
