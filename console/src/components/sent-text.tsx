import { useEffect, useMemo, useRef } from 'react';
import { type JsonLine, linesOf } from './json-lines.ts';
import { countOf } from './number.ts';

/** A place of a text at which it is wrong. */
export interface SentFault {
  /** JSON pointer. */
  readonly path: string;
  /** False: something is missing there. */
  readonly isThere: boolean;
  readonly message: string;
}

interface SentTextProps {
  /** What it is, to who can't see it. */
  readonly label: string;
  readonly text: string;
  readonly faults?: readonly SentFault[];
}

interface Row {
  readonly key: string;
  readonly depth: number;
  readonly text: string;
  readonly faults: readonly SentFault[];
  /** How many lines are left out in its place. */
  readonly leftOut?: number;
}

const none: readonly SentFault[] = [];
/** A text of more lines is shown in parts: its beginning, and what stands around its faults. */
const mostLines = 400;
const linesAtBeginning = 150;
const linesAround = 10;
const longestLine = 2_000;
const longestPlain = 40_000;

/** A body as it was sent, a member a line, with the places marked at which it is wrong. Whatever it holds is text. */
export function SentText({ label, text, faults = none }: SentTextProps) {
  const place = useRef<HTMLElement>(null);
  const rows = useMemo(() => rowsOf(text, faults), [text, faults]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines say when there is another mark
  useEffect(() => {
    const mark = place.current?.querySelector('mark');
    if (place.current && mark) place.current.scrollTop = mark.offsetTop - place.current.clientHeight / 3;
  }, [rows]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can scroll has to be reached by keyboard
    <section className="code sent" dir="ltr" tabIndex={0} aria-label={label} ref={place}>
      {rows.map((row) => (
        <Line key={row.key} row={row} />
      ))}
    </section>
  );
}

function Line({ row: { depth, text, faults, leftOut } }: { readonly row: Row }) {
  const style = { paddingInlineStart: `${depth * 2}ch` };
  if (leftOut !== undefined)
    return (
      <span className="sent-line soft">
        … {countOf(leftOut, 'line')} more are not shown …{'\n'}
      </span>
    );
  const [fault] = faults;
  if (!fault)
    return (
      <span className="sent-line" style={style}>
        {text}
      </span>
    );
  return (
    <span className="sent-line sent-wrong" style={style}>
      <mark>
        <span className="only-read">{fault.isThere ? 'Wrong here: ' : 'Missing here: '}</span>
        {text}
      </mark>
      {faults.map(({ message }) => (
        <span key={message} className="sent-note">
          {message}
        </span>
      ))}
    </span>
  );
}

function rowsOf(text: string, faults: readonly SentFault[]): readonly Row[] {
  const lines = linesOf(text);
  if (!lines) return [{ key: 'all', depth: 0, text: cut(text, longestPlain), faults: none }];
  const here = Map.groupBy(
    faults.filter(({ isThere }) => isThere),
    ({ path }) => path,
  );
  const missing = missingIn(lines, faults);
  const rows = lines.flatMap((line, index): Row[] => {
    const own = line.isEnd ? none : (here.get(line.path) ?? none);
    const row = { key: String(index), depth: line.depth, text: cut(line.text, longestLine), faults: own };
    if (line.isEnd) return [row];
    const within = (missing.get(line.path) ?? []).map((fault) => ({
      key: `missing ${fault.path}`,
      depth: line.depth + 1,
      text: nameOf(fault.path),
      faults: [fault],
    }));
    return [row, ...within];
  });
  return rows.length <= mostLines ? rows : shorten(rows);
}

/** What is missing, by the value that lacks it: the nearest one that is there. */
function missingIn(lines: readonly JsonLine[], faults: readonly SentFault[]): Map<string, SentFault[]> {
  const paths = new Set(lines.map(({ path }) => path));
  const parentOf = (path: string): string => {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    return parent === '' || paths.has(parent) ? parent : parentOf(parent);
  };
  return Map.groupBy(
    faults.filter(({ isThere }) => !isThere),
    ({ path }) => parentOf(path),
  );
}

function nameOf(path: string): string {
  const token = path.slice(path.lastIndexOf('/') + 1);
  return `"${token.replaceAll('~1', '/').replaceAll('~0', '~')}"`;
}

function shorten(rows: readonly Row[]): readonly Row[] {
  const kept = new Set(rows.keys().take(linesAtBeginning));
  for (const [index, { faults }] of rows.entries()) {
    if (faults.length === 0) continue;
    for (let near = index - linesAround; near <= index + linesAround; near++) kept.add(near);
  }
  const shown: Row[] = [];
  let leftOut = 0;
  const tell = (index: number) => {
    if (leftOut > 0) shown.push({ key: `before ${index}`, depth: 0, text: '', faults: none, leftOut });
    leftOut = 0;
  };
  for (const [index, row] of rows.entries()) {
    if (!kept.has(index)) {
      leftOut++;
      continue;
    }
    tell(index);
    shown.push(row);
  }
  tell(rows.length);
  return shown;
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… and ${countOf(text.length - longest, 'character')} more`;
}
