import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import vuetify from 'vite-plugin-vuetify'
import { appAhead, bookPieces, iconsInPlace, withoutDates } from './lean.ts'

// The server to talk to while developing the client alone: `npm run dev` beside `dotnet run --project web`.
const server = process.env.SCHOOLHOME_SERVER ?? 'http://localhost:5080'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [vue(), vuetify({ autoImport: true }), iconsInPlace(), withoutDates(), appAhead()],
  resolve: { alias: { '@': here('./src') } },
  // Components are written with `<script setup>`, ours and Vuetify's too.
  define: { __VUE_OPTIONS_API__: false },
  build: {
    target: 'es2022',
    // For `firstPage.mjs`, which weighs what a parent's first page needs.
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // The editor is fetched only where somebody writes; the framework changes more seldom than our own code.
            { name: 'codemirror', test: /node_modules[\\/](@codemirror|@lezer|@marijn|style-mod|w3c-keyname|crelt)[\\/]/, priority: 20 },
            { name: 'vue', test: /node_modules[\\/](@vue|vue|vue-router|pinia)[\\/]/, priority: 10 },
            { name: bookPieces, test: /client[\\/]src[\\/](ContactBook|CoEditing)[\\/]/, minShareCount: 2, includeDependenciesRecursively: false, priority: 5 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: server },
      '/live': { target: server, ws: true },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts', '*.test.ts'] },
})
