import packageJson from '../package.json' with { type: 'json' }

/** Shown in the API's description and on every worker's row. */
export const VERSION: string = packageJson.version
