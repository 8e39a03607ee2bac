/** Of the proposal "JSON.parse source text access", which Node has and TypeScript's libraries have not yet. */
type WithRawJson = { rawJSON(text: string): unknown }

/**
 * JSON.parse for what is written as JSON again: numbers keep their digits, 1.0 does not become 1. They are no numbers until then.
 */
export const parseExactly = (json: string): unknown =>
  JSON.parse(json, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? (JSON as unknown as WithRawJson).rawJSON(context.source)
      : value,
  )
