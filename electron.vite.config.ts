import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const electronDir = 'out/electron';

export default defineConfig({
  main: {
    build: {
      outDir: electronDir,
      minify: true,
      externalizeDeps: { exclude: ['yaml', 'zod'] },
      rollupOptions: {
        input: {
          app: 'electron/app.ts',
          engine: 'electron/engine-process.ts',
          'table-worker': 'main/connections/store/worker.ts',
          'coverage-worker': 'main/connections/coverage/worker.ts',
        },
      },
    },
  },
  // A sandboxed preload is one CommonJS file that can load nothing but Electron.
  preload: {
    build: {
      outDir: electronDir,
      emptyOutDir: false,
      minify: true,
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: 'electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      emptyOutDir: true,
      minify: true,
      // An asset inlined as a data: URL would need a hole in the policy.
      assetsInlineLimit: 0,
      // In kB. It is read from this machine's disk, so splitting it would only add requests.
      chunkSizeWarningLimit: 1_500,
      rollupOptions: { input: 'renderer/index.html' },
    },
  },
});
