/** Which rows of a long list are worth having in the document: those in view and some around them. */

export interface Span {
  first: number;
  /** One past the last. */
  end: number;
}

/** Rows kept above and below the view, so that fast scrolling meets no blank. */
export const MARGIN_ROWS = 12;

/**
 * The rows to draw of `total` rows, each `rowHeight` high, when the list's top stands `top` below the
 * view's top (negative once it is scrolled past) and the view is `viewHeight` high. All in CSS pixels.
 */
export function spanInView(total: number, rowHeight: number, top: number, viewHeight: number): Span {
  const above = Math.floor(-top / rowHeight) - MARGIN_ROWS;
  const below = Math.ceil((viewHeight - top) / rowHeight) + MARGIN_ROWS;
  const first = Math.min(Math.max(above, 0), total);
  return { first, end: Math.min(Math.max(below, first), total) };
}
