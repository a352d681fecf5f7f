import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [tailwindcss()],
  logLevel: 'error',
  build: { outDir: join(import.meta.dirname, '../../.output/preview/page'), emptyOutDir: true },
});
