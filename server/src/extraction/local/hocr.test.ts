import { expect, test } from 'vitest'
import { linesOfHocr } from './hocr.ts'

const page = (lines: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en"><body>
<div class='ocr_page' id='page_1' title='image "stdin"; bbox 0 0 400 300; ppageno 0'>
<div class='ocr_carea' title="bbox 0 0 300 200"><p class='ocr_par' lang='eng' title="bbox 0 0 300 200">${lines}</p></div>
</div></body></html>`

const line = (kind: string, title: string, ...words: [text: string, bbox: string][]) =>
  `<span class='${kind}' title="${title}; x_size 20">${words
    .map(([text, bbox]) => `<span class='ocrx_word' title='bbox ${bbox}; x_wconf 91'>${text}</span>`)
    .join('\n')}</span>`

test('words have their boxes and their confidence, whatever kind of line they are in', () => {
  const head = line(
    'ocr_header',
    'bbox 10 5 90 25; baseline 0.01 -5',
    ['Q&amp;A', '10 5 40 25'],
    ['&quot;x&quot;', '50 5 90 25'],
  )
  const text = line('ocr_line', 'bbox 10 35 40 45; baseline 0 0', ['<strong>bold</strong>', '10 35 40 45'])
  expect(linesOfHocr(page(head + text))).toEqual([
    {
      turns: 0,
      words: [
        { text: 'Q&A', confidence: 0.91, box: { x: 10, y: 5, width: 30, height: 20 } },
        { text: '"x"', confidence: 0.91, box: { x: 50, y: 5, width: 40, height: 20 } },
      ],
    },
    { turns: 0, words: [{ text: 'bold', confidence: 0.91, box: { x: 10, y: 35, width: 30, height: 10 } }] },
  ])
})

test.each([
  ['down, with a steep slope', '; baseline -229 0', ['10 5 30 60', '10 70 30 120'], 1],
  ['down, with none', '', ['10 5 30 60', '10 70 30 120'], 1],
  ['up', '; baseline 346 -346', ['10 70 30 120', '10 5 30 60'], 3],
] as const)(
  'text that runs %s the page is told by its slope and the order of its words',
  (_, baseline, [first, second], turns) => {
    const [read] = linesOfHocr(page(line('ocr_line', `bbox 10 5 30 120${baseline}`, ['one', first], ['two', second])))
    expect(read?.turns).toBe(turns)
  },
)

test('a page without text has no lines', () => {
  expect(linesOfHocr(page(''))).toEqual([])
})
