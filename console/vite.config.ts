import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built by scripts/build.js, served under /console by src/http/console.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing stands in the page itself: its policy allows files of this server alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // `npx vite console` serves the sources as they are edited, beside a server on its usual port.
  server: { proxy: { '/throughline': 'http://127.0.0.1:8080' } },
});
