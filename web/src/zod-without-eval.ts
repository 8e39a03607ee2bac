import { z } from 'zod'

// zod tries `new Function` to compile its schemas. The server's Content-Security-Policy refuses it, and the browser would
// report each try. It has to be said before the first schema is made, so this file is imported before all others.
z.config({ jitless: true })
