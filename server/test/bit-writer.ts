/** Writes bits, the highest first, as codecs of films want them. */
export const createBitWriter = () => {
  const bits: number[] = []
  const u = (count: number, value: number) => {
    for (let bit = count - 1; bit >= 0; bit -= 1) bits.push(Math.floor(value / 2 ** bit) % 2)
  }
  return {
    u,
    /** Exponential-Golomb code of an unsigned number. */
    ue(value: number) {
      const length = Math.floor(Math.log2(value + 1))
      u(length, 0)
      u(length + 1, value + 1)
    },
    /** Ends with a one and zeros up to the next byte. */
    end(): Buffer {
      bits.push(1)
      while (bits.length % 8 !== 0) bits.push(0)
      return Buffer.from(
        Array.from({ length: bits.length / 8 }, (_, at) => Number.parseInt(bits.slice(8 * at, 8 * at + 8).join(''), 2)),
      )
    },
  }
}
