/** Where something is drawn, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Drawing {
  readonly height: number;
  readonly ends: ReadonlyMap<string, Point>;
  /** The middle of each link, in the order in which they were given; links of the same two stand beside each other. */
  readonly middles: readonly Point[];
}

interface LinkEnds {
  readonly first: string;
  readonly second: string;
}

/** Half the width and height of what stands for an end. */
export const endSize: Point = { x: 72, y: 24 };
const gap = 30;
/** From one line of the columns to the next. */
const step = 52;

/** Below it there is no room for a round. */
const narrow = 36 * 16;

/** Places the ends, neighbours by links beside each other where that goes, and links as lines between them. */
export function drawLinks(ids: readonly string[], links: readonly LinkEnds[], width: number): Drawing {
  const order = inOrderOfLinks(ids, links);
  const { height, points } = width < narrow ? inColumns(order.length, width) : inRound(order.length, width);
  const center = { x: width / 2, y: height / 2 };
  const ends = new Map(order.map((id, index) => [id, points[index] ?? center]));
  const seen = new Map<string, number>();
  const totals = Map.groupBy(links, pairOf);
  const middles = links.map((link) => {
    const pair = pairOf(link);
    const index = seen.get(pair) ?? 0;
    seen.set(pair, index + 1);
    const [from, to] = pair.split(' ').map((id) => ends.get(id) ?? center);
    return middleOf(from ?? center, to ?? center, (index - ((totals.get(pair)?.length ?? 1) - 1) / 2) * gap);
  });
  return { height, ends, middles };
}

interface Places {
  readonly height: number;
  readonly points: readonly Point[];
}

function inRound(count: number, width: number): Places {
  const height = count <= 2 ? 150 : Math.min(260 + count * 14, 560);
  const radius = { x: Math.min(width / 2 - endSize.x - 16, 420), y: height / 2 - endSize.y - 16 };
  const points = Array.from({ length: count }, (_, index) => {
    const angle = Math.PI + (index / count) * 2 * Math.PI;
    return { x: width / 2 + radius.x * Math.cos(angle), y: height / 2 + radius.y * Math.sin(angle) };
  });
  return { height, points };
}

/** From one side to the other and back, so that no two that follow each other are in one line with a third. */
function inColumns(count: number, width: number): Places {
  const points = Array.from({ length: count }, (_, index) => ({
    x: index % 2 === 0 ? endSize.x + 8 : width - endSize.x - 8,
    y: endSize.y + 12 + index * step,
  }));
  return { height: 2 * (endSize.y + 12) + (count - 1) * step, points };
}

/** Each behind one that it has a link with, as far as there is one. */
function inOrderOfLinks(ids: readonly string[], links: readonly LinkEnds[]): readonly string[] {
  const order = new Set<string>();
  const visit = (id: string) => {
    if (order.has(id) || !ids.includes(id)) return;
    order.add(id);
    for (const { first, second } of links) {
      if (first === id) visit(second);
      if (second === id) visit(first);
    }
  };
  for (const id of ids) visit(id);
  return [...order];
}

function pairOf({ first, second }: LinkEnds): string {
  return first < second ? `${first} ${second}` : `${second} ${first}`;
}

/** Beside the middle of a line, at a right angle to it; of one that runs down a column, past another end, just above where it arrives. */
function middleOf(from: Point, to: Point, aside: number): Point {
  if (from.x === to.x && Math.abs(from.y - to.y) > 2 * step)
    return { x: from.x + aside, y: Math.max(from.y, to.y) - step };
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(x, y) || 1;
  return { x: (from.x + to.x) / 2 - (y / length) * aside, y: (from.y + to.y) / 2 + (x / length) * aside };
}
