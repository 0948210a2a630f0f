/** What was seen of one kind of fault, over all rounds that had it. */
export interface FaultFigures {
  rounds: number;
  failedRounds: number;
  acknowledged: number;
  lost: number;
  doubled: number;
  refused: number;
  unanswered: number;
  /** Milliseconds. */
  longestWait: number;
  /** From the fault's end to the first event that was stored for certain, in milliseconds, a round. */
  readonly recoveries: number[];
}

export type Figures = Record<string, FaultFigures>;

export function figuresOf(figures: Figures, fault: string): FaultFigures {
  figures[fault] ??= {
    rounds: 0,
    failedRounds: 0,
    acknowledged: 0,
    lost: 0,
    doubled: 0,
    refused: 0,
    unanswered: 0,
    longestWait: 0,
    recoveries: [],
  };
  return figures[fault];
}

/** A table in Markdown: a line a fault, and one of all. */
export function presentFigures(figures: Figures): string {
  const names = Object.keys(figures).sort();
  const all = names.map((name) => figures[name]!);
  const sum = (count: (one: FaultFigures) => number) => all.reduce((total, one) => total + count(one), 0);
  const total: FaultFigures = {
    rounds: sum((one) => one.rounds),
    failedRounds: sum((one) => one.failedRounds),
    acknowledged: sum((one) => one.acknowledged),
    lost: sum((one) => one.lost),
    doubled: sum((one) => one.doubled),
    refused: sum((one) => one.refused),
    unanswered: sum((one) => one.unanswered),
    longestWait: Math.max(0, ...all.map((one) => one.longestWait)),
    recoveries: all.flatMap((one) => one.recoveries),
  };
  return [
    '| fault | rounds | failed | events acknowledged | lost | doubled | told to come back | no answer | longest wait | recovery p50 | p95 | longest |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...names.map((name) => presentLine(name, figures[name]!)),
    presentLine('all', total),
  ].join('\n');
}

function presentLine(name: string, one: FaultFigures): string {
  const sorted = [...one.recoveries].sort((first, second) => first - second);
  const at = (part: number) =>
    seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  const cells = [
    name,
    ...[one.rounds, one.failedRounds, one.acknowledged, one.lost, one.doubled, one.refused, one.unanswered],
    ...[seconds(one.longestWait), at(0.5), at(0.95), at(1)],
  ];
  return `| ${cells.join(' | ')} |`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
