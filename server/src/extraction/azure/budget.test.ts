import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '../../../test/database.ts'
import { type Bucket, holdBack, nextToken, type Rate, type Token, takeToken } from './budget.ts'

const database = useDatabase()
const bucket: Bucket = { endpoint: 'https://one.example', kind: 'POST' }
const rate: Rate = { perSecond: 10, burst: 5 }
const at = (ms: number) => new Date(Date.UTC(2030, 0, 1) + ms)
const take = (ms: number, which = bucket) => takeToken(database.pool, which, rate, at(ms))
const refused = (token: Token) => (token.granted ? null : [token.until, token.turn])

beforeEach(() => database.pool.query('DELETE FROM provider_budgets'))

test('as many at once as the burst, then one for each tenth of a second', async () => {
  for (let n = 0; n < 5; n += 1) expect(await take(0)).toEqual({ granted: true })
  expect((await take(0)).granted).toBe(false)
  expect((await take(99)).granted).toBe(false)
  expect((await take(100)).granted).toBe(true)
  expect((await take(100)).granted).toBe(false)
  expect((await take(200)).granted).toBe(true)
})

test('who is refused is told when the next token is free, and given a time of its own to come back', async () => {
  for (let n = 0; n < 5; n += 1) await take(0)
  expect(refused(await take(0))).toEqual([at(100), at(200)])
  expect(refused(await take(0))).toEqual([at(100), at(300)])
})

test('looking takes nothing, and sees what asking would', async () => {
  const look = (ms: number) => nextToken(database.pool, bucket, rate, at(ms))
  expect(await look(0)).toBeNull()
  for (let n = 0; n < 4; n += 1) await take(0)
  for (let n = 0; n < 3; n += 1) expect(await look(0)).toBeNull()
  await take(0)
  expect(await look(0)).toEqual(at(100))
  expect(await look(100)).toBeNull()
  await holdBack(database.pool, bucket, rate, 2_000, at(10))
  expect(await look(100)).toEqual(at(2_010))
})

test('a refusal of the service holds everybody back, and its token is free again', async () => {
  for (let n = 0; n < 5; n += 1) await take(0)
  await holdBack(database.pool, bucket, rate, 2_000, at(10))
  expect(refused(await take(1_900))?.[0]).toEqual(at(2_010))
  // A shorter one does not end it earlier.
  await holdBack(database.pool, bucket, rate, 10, at(1_950))
  expect((await take(2_009)).granted).toBe(false)
  expect((await take(2_010)).granted).toBe(true)
})

test('each endpoint and each kind of request has its own', async () => {
  for (let n = 0; n < 6; n += 1) await take(0)
  expect((await take(0, { ...bucket, kind: 'GET' })).granted).toBe(true)
  expect((await take(0, { ...bucket, endpoint: 'https://two.example' })).granted).toBe(true)
})

test('whatever the times at which they ask, no stretch of time has more than its share and the burst', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(120), { minLength: 10, maxLength: 60 }), async (gaps) => {
      await database.pool.query('DELETE FROM provider_budgets')
      const granted: number[] = []
      let now = 0
      for (const gap of gaps) {
        now += gap
        if ((await take(now)).granted) granted.push(now)
      }
      granted.forEach((first, n) => {
        granted.slice(n).forEach((last, more) => {
          expect(more + 1).toBeLessThanOrEqual(rate.burst + ((last - first) * rate.perSecond) / 1000 + 1e-9)
        })
      })
      // And nobody is refused for nothing: what was granted is at least what the bucket had.
      expect(granted.length).toBeGreaterThanOrEqual(Math.min(gaps.length, rate.burst))
    }),
    { numRuns: 30 },
  )
})

test('workers that ask at the same time get no more than one would', async () => {
  const tokens = await Promise.all(Array.from({ length: 40 }, () => take(0)))
  expect(tokens.filter((token) => token.granted)).toHaveLength(5)
  const turns = tokens.flatMap((token) => (token.granted ? [] : [token.turn.getTime()]))
  expect(new Set(turns).size).toBe(35)
})
