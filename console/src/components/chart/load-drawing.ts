/** The library comes with the first chart, and with no other page. @throws where it can't be loaded */
export async function loadDrawing(): Promise<typeof import('./draw-chart.ts')> {
  giveALanguage();
  return import('./draw-chart.ts');
}

/** uPlot asks for the browser's language as it loads, which of a machine without a locale is none (`en-US@posix`), and fails. */
function giveALanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
}
