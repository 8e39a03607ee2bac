import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = `http://127.0.0.1:${process.env.PORT ?? 3000}`

export default defineConfig({
  plugins: [react()],
  // Everything comes as a file of its own: the server's Content-Security-Policy refuses data: addresses and inline code.
  build: { outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/documents': api, '/docs': api, '/health': api, '/openapi.json': api, '/queue': api } },
})
