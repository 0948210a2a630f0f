import { useEffect, useRef, useState } from 'react';
import { useDialectFaces } from '../../api/dialects.ts';
import { type Person, titleOfProfile } from '../../api/people.ts';
import { drawLinks, endSize, type Point } from './graph-layout.ts';
import type { StoredLink } from './queries.ts';

/** With more it would be no drawing that anybody reads; the list has all. */
const mostEnds = 24;

interface GraphProps {
  readonly person: Person;
  readonly links: readonly StoredLink[];
  /** What a link is in words. */
  readonly say: (link: StoredLink) => string;
  /** The place in the list of the one that is looked at. */
  readonly current: number | undefined;
  readonly onPick: (index: number) => void;
}

/** The links as lines between profiles, each with its number in the list below, which says the same in words. */
export function Graph({ person, links, say, current, onPick }: GraphProps) {
  const place = useRef<HTMLElement>(null);
  const width = useWidth(place);
  const ids = [...new Set(links.flatMap(({ first, second }) => [first, second]))];
  if (ids.length > mostEnds)
    return (
      <p className="soft small">
        {ids.length} profiles are too many to draw; the list has all of their links.
      </p>
    );
  const { height, ends, middles } = drawLinks(ids, links, width);
  return (
    <section className="graph card" ref={place} style={{ height }} aria-label="The links as a drawing">
      <svg width={width} height={height} aria-hidden="true">
        {links.map((link, index) => {
          const [from, by, to] = [ends.get(link.first), middles[index], ends.get(link.second)];
          return from && by && to ? (
            <path
              key={link.id}
              d={pathOf(from, by, to)}
              className={link.undoneAt === null ? 'graph-line' : 'graph-line graph-undone'}
              data-current={current === index || undefined}
            />
          ) : null;
        })}
      </svg>
      {[...ends].map(([id, at]) => (
        <End key={id} id={id} at={at} person={person} />
      ))}
      {links.map((link, index) => (
        <button
          key={link.id}
          type="button"
          className="graph-number"
          style={{ left: middles[index]?.x ?? 0, top: middles[index]?.y ?? 0 }}
          title={say(link)}
          aria-label={`${index + 1}: ${say(link)}`}
          aria-pressed={current === index}
          onClick={() => onPick(index)}
        >
          {index + 1}
        </button>
      ))}
    </section>
  );
}

/** A curve that goes through its middle. */
function pathOf(from: Point, by: Point, to: Point): string {
  const bend = { x: 2 * by.x - (from.x + to.x) / 2, y: 2 * by.y - (from.y + to.y) / 2 };
  return `M${from.x} ${from.y}Q${bend.x} ${bend.y} ${to.x} ${to.y}`;
}

function End({ id, at, person }: { readonly id: string; readonly at: Point; readonly person: Person }) {
  const faceOf = useDialectFaces();
  const profile = person.profiles.find((one) => one.id === id);
  const face = profile && faceOf(profile.dialect);
  return (
    <div
      className={profile ? 'graph-end' : 'graph-end graph-other'}
      style={{ left: at.x, top: at.y, width: endSize.x * 2, height: endSize.y * 2 }}
    >
      <span className="small soft">
        <span
          className="swatch"
          style={{ background: face?.colour ?? 'var(--series-6)' }}
          aria-hidden="true"
        />{' '}
        {face?.title ?? 'Somebody else'}
      </span>
      <span className="foreign" title={profile ? titleOfProfile(profile) : id}>
        {profile ? titleOfProfile(profile) : id}
      </span>
    </div>
  );
}

/** How wide the drawing's place is, as it changes. */
function useWidth(place: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
