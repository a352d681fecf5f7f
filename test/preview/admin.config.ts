import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: join(import.meta.dirname, '../../public'),
  plugins: [tailwindcss()],
  logLevel: 'error',
  build: {
    outDir: join(import.meta.dirname, '../../.output/preview/admin-page'),
    emptyOutDir: true,
    rollupOptions: { input: ['admin.html', 'popup.html'].map((name) => join(import.meta.dirname, name)) },
  },
});
