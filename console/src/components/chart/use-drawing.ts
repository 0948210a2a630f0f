import { useEffect, useRef, useState } from 'react';
import { useTheme } from '../../app/theme.ts';
import type { Drawing } from './draw-chart.ts';
import { loadDrawing } from './load-drawing.ts';

/**
 * Draws into the element that the ref is given to: anew when the figures, the width or the colours change. Give it times, series and functions
 * that stay the same objects until they change.
 */
export function useDrawing(drawing: Omit<Drawing, 'place'>) {
  const { times, series, kind, timeZone, height, onPoint, onPick, formatTick } = drawing;
  const place = useRef<HTMLDivElement>(null);
  const scheme = useScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    let isOver = false;
    let remove = () => {};
    void loadDrawing().then(({ drawChart }) => {
      if (isOver) return;
      const chart = drawChart({
        place: element,
        times,
        series,
        kind,
        timeZone,
        height,
        onPoint,
        onPick,
        formatTick,
      });
      const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
      observer.observe(element);
      remove = () => {
        observer.disconnect();
        chart.destroy();
      };
    });
    return () => {
      isOver = true;
      remove();
    };
  }, [times, series, kind, timeZone, height, onPoint, onPick, formatTick, scheme]);
  return place;
}

/** Which scheme is shown, by the machine's setting and the switch. */
function useScheme(): string {
  const theme = useTheme();
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const listen = () => setDark(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return `${theme} ${isDark}`;
}
