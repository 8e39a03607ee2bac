import type { HostileFile } from './hostile-file.ts'

/** Texts, pages of the web and mails that are long, wide or deep. */

const rtf = (body: string): Buffer => Buffer.from(`{\\rtf1\\ansi ${body}}`)
const html = (body: string): Buffer => Buffer.from(`<!DOCTYPE html><html><body>${body}</body></html>`)

const mail = (head: string, body: string): Buffer =>
  Buffer.from(`From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n${head}\r\n${body}`)

const parts = (count: number): Buffer =>
  mail(
    'Content-Type: multipart/mixed; boundary=b\r\n',
    `${'--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(count)}--b--\r\n`,
  )

const nestedParts = (depth: number): Buffer => {
  const open = Array.from(
    { length: depth },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  )
  return mail(open.join('').replace(/\r\n\r\n/, '\r\n\r\n'), 'Content-Type: text/plain\r\n\r\nx')
}

const nestedMails = (depth: number): Buffer =>
  Buffer.from(`${'From: a@example.org\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n'.repeat(depth)}x`)

export const hostileTexts = (): HostileFile[] => [
  { kind: 'html: a million divs deep', make: () => html('<div>'.repeat(1_000_000)) },
  { kind: 'html: a million divs, closed', make: () => html(`${'<div>'.repeat(300_000)}x${'</div>'.repeat(300_000)}`) },
  { kind: 'html: 100,000 tables deep', make: () => html('<table><tr><td>'.repeat(100_000)) },
  {
    kind: 'html: a cell of 10^6 x 10^6',
    make: () => html('<table><tr><td rowspan=1000000 colspan=1000000>x</table>'.repeat(50)),
  },
  {
    kind: 'html: a million attributes',
    make: () => html(`<p ${Array.from({ length: 1_000_000 }, (_, n) => `a${n}`).join(' ')}>x`),
  },
  { kind: 'html: a million formats left open', make: () => html('<b><i><p>'.repeat(100_000)) },
  { kind: 'html: 50 MB of words', make: () => html(`<p>${'word '.repeat(10_000_000)}`) },
  { kind: 'csv: a line of 50 MB', make: () => Buffer.from('a,b\n1,2\n'.concat('word,'.repeat(10_000_000))) },
  { kind: 'csv: 100,000 columns', make: () => Buffer.from(`${'1,'.repeat(100_000)}\n`.repeat(20)) },
  { kind: 'csv: 20 MB of quotes', make: () => Buffer.from(`a,b\n1,2\n${'"'.repeat(20_000_001)}`) },
  { kind: 'csv: 5 million lines', make: () => Buffer.from(`a,b\n${'1,2\n'.repeat(5_000_000)}`) },
  { kind: 'rtf: 100,000 groups deep', make: () => rtf('{'.repeat(100_000)) },
  { kind: 'rtf: claims two billion bytes', make: () => rtf('\\bin2147483647 x') },
  { kind: 'rtf: 10 million words of control', make: () => rtf('\\b\\b0 '.repeat(5_000_000)) },
  {
    kind: 'rtf: a million cells in a row',
    make: () => rtf(`\\trowd${'\\cellx1'.repeat(1_000_000)}\\intbl ${'x\\cell '.repeat(1_000_000)}\\row`),
  },
  { kind: 'eml: 10,000 parts', make: () => parts(10_000) },
  { kind: 'eml: 10,000 parts deep', make: () => nestedParts(10_000) },
  { kind: 'eml: 3,000 mails deep', make: () => nestedMails(3_000) },
  { kind: 'eml: a header of 30 MB', make: () => mail(`X-Long: ${'word '.repeat(6_000_000)}\r\n`, 'x') },
  {
    kind: 'eml: 50 MB of base64',
    make: () => mail('Content-Transfer-Encoding: base64\r\nContent-Type: text/html\r\n', 'PGRpdj4K'.repeat(6_000_000)),
  },
  { kind: 'md: a million brackets', make: () => Buffer.from(`# x\n\n${'['.repeat(1_000_000)}`) },
  { kind: 'md: quotes 50,000 deep', make: () => Buffer.from(`# x\n\n${'> '.repeat(50_000)}x`) },
  { kind: 'md: a million stars', make: () => Buffer.from(`# x\n\n${'*a **b '.repeat(300_000)}`) },
  {
    kind: 'md: a list 20,000 deep',
    make: () => Buffer.from(`# x\n\n${Array.from({ length: 3_000 }, (_, n) => `${' '.repeat(2 * n)}- x`).join('\n')}`),
  },
  { kind: 'text: 100 MB of lines', make: () => Buffer.from('A line as any other, of some words.\n'.repeat(2_900_000)) },
  { kind: 'text: 100 MB without a line', make: () => Buffer.from('word '.repeat(20_000_000)) },
  {
    kind: 'text: UTF-16 without an end',
    make: () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(20_000_001, 0x41)]),
  },
]
