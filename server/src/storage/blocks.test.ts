import { Readable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { StorageError } from './blob-store.ts'
import { type BlockTarget, putInBlocks } from './blocks.ts'

/** A service that keeps what it is given, and takes a block only when it is told to. */
function makeTarget(fault: { commit?: Error; block?: Error } = {}) {
  const blocks = new Map<number, Buffer>()
  const waiting: (() => void)[] = []
  const abandon = vi.fn(async () => {})
  const target = {
    begin: async () => ({
      async putBlock(number: number, bytes: Buffer) {
        await new Promise<void>((resolve) => waiting.push(resolve))
        if (fault.block) throw fault.block
        blocks.set(number, bytes)
      },
      async commit() {
        if (fault.commit) throw fault.commit
      },
      abandon,
    }),
    remove: vi.fn(async () => {}),
  } satisfies BlockTarget
  const takeAll = () => {
    for (const take of waiting.splice(0)) take()
  }
  return { target, blocks, waiting, abandon, takeAll }
}

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, n) => n % 251))
/** As often as anything happens, until the put has ended. */
async function finish(putting: Promise<void>, takeAll: () => void): Promise<void> {
  let ended = false
  const done = putting.finally(() => {
    ended = true
  })
  done.catch(() => {})
  while (!ended) {
    takeAll()
    await new Promise(setImmediate)
  }
  return done
}

test.each([[[1_000]], [[100, 100, 800]], [[7, 993]], [Array(1_000).fill(1)]])(
  'pieces of %j are the same blocks of one size',
  async (sizes) => {
    const { target, blocks, takeAll } = makeTarget()
    const whole = bytes(1_000)
    const ends = (sizes as number[]).map((_, n) =>
      (sizes as number[]).slice(0, n + 1).reduce((sum, size) => sum + size),
    )
    const pieces = ends.map((end, n) => whole.subarray(ends[n - 1] ?? 0, end))
    await finish(putInBlocks(Readable.from(pieces), target, 300), takeAll)
    expect([...blocks].sort(([a], [b]) => a - b).map(([number, block]) => [number, block.length])).toEqual([
      [1, 300],
      [2, 300],
      [3, 300],
      [4, 100],
    ])
    expect(Buffer.concat([...blocks].sort(([a], [b]) => a - b).map(([, block]) => block)).equals(whole)).toBe(true)
  },
)

test('three blocks are under way, and the source waits for them', async () => {
  const { target, waiting, takeAll } = makeTarget()
  let read = 0
  const pieces = function* () {
    for (; read < 100; read += 1) yield Buffer.alloc(10)
  }
  const putting = putInBlocks(Readable.from(pieces(), { highWaterMark: 1 }), target, 10)
  await vi.waitFor(() => expect(waiting).toHaveLength(3))
  await new Promise(setImmediate)
  expect(waiting).toHaveLength(3)
  expect(read).toBeLessThan(10)
  await finish(putting, takeAll)
  expect(read).toBe(100)
})

test.each([
  ['an answer that was lost may have been a yes', new StorageError('ECONNRESET'), 1],
  ['so may the answer to its repetition, that there is no such upload', new StorageError('NoSuchUpload', 404), 1],
  ['a service that fails may have done it', new StorageError('InternalError', 500), 1],
  ['a no is a no, and the blob may be another put’s', new StorageError('InvalidBlockList', 400), 0],
])('%s', async (_, commit, removals) => {
  const { target, takeAll } = makeTarget({ commit })
  await expect(finish(putInBlocks(Readable.from([bytes(100)]), target, 30), takeAll)).rejects.toBe(commit)
  expect(target.remove).toHaveBeenCalledTimes(removals)
})

test('a block that fails ends a source that is waiting, and the reason is the block’s', async () => {
  const block = new StorageError('no room')
  const { target, abandon, takeAll } = makeTarget({ block })
  const source = new Readable({ read() {} })
  source.push(bytes(50))
  await expect(finish(putInBlocks(source, target, 30), takeAll)).rejects.toBe(block)
  expect(source.destroyed).toBe(true)
  expect(abandon).toHaveBeenCalledOnce()
  expect(target.remove).not.toHaveBeenCalled()
})

test('of an abort and what the service makes of it, the abort is the reason', async () => {
  const { target, takeAll } = makeTarget({ block: new StorageError('does not answer in time') })
  const source = new Readable({ read() {} })
  source.push(bytes(50))
  const abort = new AbortController()
  const putting = putInBlocks(source, target, 30, abort.signal)
  abort.abort(new Error('the client has gone'))
  await expect(finish(putting, takeAll)).rejects.toThrow('the client has gone')
})
