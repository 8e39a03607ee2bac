import './no-network.ts'

/** The process in which documents are parsed, without a network. */
await import('../../src/extraction/local/child.ts')
