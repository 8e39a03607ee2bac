import { expect, test } from 'vitest'
import { type Announcement, announce, onAnnouncement, summarise } from './announcer.ts'

const completed = (name: string): Announcement => ({ kind: 'completed', name })
const failed = (name: string): Announcement => ({ kind: 'failed', name, code: 'file_corrupt' })

test('few are named, many are counted, each kind by itself', () => {
  expect(summarise([])).toEqual([])
  expect(summarise([failed('b'), completed('a')])).toEqual([completed('a'), failed('b')])
  const blank: Announcement = { kind: 'no_text', name: 'e' }
  expect(summarise([blank, completed('a')])).toEqual([completed('a'), blank])
  const many = [completed('a'), completed('b'), completed('c'), failed('d')]
  expect(summarise(many)).toEqual([{ kind: 'completed', count: 3 }, failed('d')])
})

test('what came counted is counted on', () => {
  const all: Announcement = { kind: 'requeued', count: 40 }
  expect(summarise([all])).toEqual([all])
  expect(summarise([all, { kind: 'requeued', name: 'a' }])).toEqual([{ kind: 'requeued', count: 41 }])
})

test('listeners hear announcements until they leave', () => {
  const heard: Announcement[] = []
  const leave = onAnnouncement((announcement) => heard.push(announcement))
  announce(completed('a'))
  leave()
  announce(completed('b'))
  expect(heard).toEqual([completed('a')])
})
