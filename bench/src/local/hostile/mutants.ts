import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A number from 0 up to `below`, without it. */
export type Random = (below: number) => number

/** The same numbers for the same seed. */
export const randomOf = (seed: number): Random => {
  const generator = xoroshiro128plus(seed)
  return (below) => (below <= 1 ? 0 : uniformInt(generator, 0, below - 1))
}

/** What happens to files: on bad disks, in broken transfers, and in programs that write almost what is right. */
const MUTATIONS: Record<string, (file: Buffer, other: Buffer, random: Random) => Buffer> = {
  flips(file, _, random) {
    const changed = Buffer.from(file)
    const count = 1 + random(Math.max(2, Math.min(200, file.length / 100)))
    for (let n = 0; n < count; n += 1) {
      const at = random(file.length)
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << random(8)), at)
    }
    return changed
  },
  truncation: (file, _, random) => file.subarray(0, 1 + random(file.length)),
  splice(file, other, random) {
    const at = random(file.length)
    const from = random(other.length)
    return Buffer.concat([file.subarray(0, at), other.subarray(from, from + random(other.length)), file.subarray(at)])
  },
  repetition(file, _, random) {
    const from = random(file.length)
    const block = file.subarray(from, from + 1 + random(2000))
    return Buffer.concat([
      file.subarray(0, from),
      ...Array.from({ length: 1 + random(200) }, () => block),
      file.subarray(from),
    ])
  },
  /** Counts, sizes and offsets in text: a PDF's structure, attributes in a mail or a page. */
  numbers(file, _, random) {
    const values = ['0', '-1', '1', '65536', '2147483647', '4294967296', '99999999999999999999']
    const share = 1 + random(20)
    const text = file
      .toString('latin1')
      .replace(/\d+/g, (number) => (random(100) < share ? (values[random(values.length)] ?? number) : number))
    return Buffer.from(text, 'latin1')
  },
  hole(file, _, random) {
    const changed = Buffer.from(file)
    const from = random(file.length)
    return changed.fill(random(2) === 0 ? 0 : 0xff, from, Math.min(file.length, from + 1 + random(4000)))
  },
}

const KINDS = Object.keys(MUTATIONS)

/** A file made wrong by chance. @param other another good file, of which a piece may get in */
export function mutate(file: Buffer, other: Buffer, random: Random): { kind: string; bytes: Buffer } {
  const kind = KINDS[random(KINDS.length)] ?? 'flips'
  const bytes = MUTATIONS[kind]?.(file, other, random) ?? file
  return { kind, bytes }
}
