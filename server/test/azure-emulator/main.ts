import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createLogger } from '../../src/logger.ts'
import { runMain, stopInOrder, tellParent } from '../../src/process.ts'
import { startAzureEmulator } from './emulator.ts'
import type { Tier } from './limits.ts'
import { answersFor, readRecordings } from './recordings.ts'

const USAGE = `usage: npm run azure-emulator -- [--port 0] [--key KEY] [--tier S0|F0] [--analysis-ms 2000] [--answers FOLDER|DOCUMENT=ANSWER.json]...
FOLDER has a MANIFEST.tsv that names recorded answers and their documents.`

/** The emulator as a process of its own. */
async function main(): Promise<void> {
  const { port, key, tier, answers, analysisMs } = readFlags()
  const emulator = await startAzureEmulator({ port, key, tier, analysisMs, answers: await readAnswers(answers) })
  stopInOrder(createLogger('azure-emulator', 'info'), () => emulator.close())
  console.log(`Azure emulator is ready at ${emulator.url} with the key ${key}`)
  tellParent({ type: 'ready', url: emulator.url })
}

/** @throws Error with the usage when a flag is unknown or wrong */
function readFlags() {
  const values = parse()
  const [port, analysisMs] = [Number(values.port), Number(values['analysis-ms'])]
  const isTier = (tier: string): tier is Tier => tier === 'S0' || tier === 'F0'
  const { tier } = values
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536 && analysisMs >= 0 && values.key && isTier(tier))) {
    throw new Error(USAGE)
  }
  return { port, key: values.key, tier, answers: values.answers, analysisMs }
}

function parse() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        key: { type: 'string', default: 'emulator-key' },
        tier: { type: 'string', default: 'S0' },
        'analysis-ms': { type: 'string', default: '2000' },
        answers: { type: 'string', multiple: true, default: [] },
      },
    }).values
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`, { cause: error })
  }
}

async function readAnswers(given: string[]): Promise<Map<string, string>> {
  const pairs = await Promise.all(
    given.map(async (one) => {
      if ((await stat(one).catch(() => undefined))?.isDirectory()) return readRecordings(one)
      const [document, answer] = one.split('=')
      if (!document || !answer) throw new Error(`--answers ${one} is neither a folder nor DOCUMENT=ANSWER.json`)
      return [{ document, answer }]
    }),
  )
  const known = pairs.flat().flatMap(({ document, answer }) => (document ? [{ document, answer }] : []))
  return answersFor(known)
}

await runMain(main)
