import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorWords } from '../ui/error-words.ts'
import { useFormat } from '../ui/use-format.ts'
import { type Announcement, onAnnouncement, type Sentence, summarise } from './announcer.ts'

// Long enough to gather what finishes together, short enough to still be news.
const GATHER_MS = 1000

/** Reads out politely what finished or failed while the page was open. */
export function LiveRegion() {
  const { t } = useTranslation()
  const words = useErrorWords()
  const format = useFormat()
  const [sentences, setSentences] = useState<readonly Sentence[]>([])
  const gathered = useRef<Announcement[]>([])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = onAnnouncement((announcement) => {
      gathered.current.push(announcement)
      timer ??= setTimeout(() => {
        timer = undefined
        setSentences(summarise(gathered.current.splice(0)))
      }, GATHER_MS)
    })
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [])

  const say = (sentence: Sentence): string => {
    if ('count' in sentence) {
      const { kind, count } = sentence
      return t(`live.many_${kind}`, { count, n: format.number(count) })
    }
    if (!('code' in sentence)) return t(`live.${sentence.kind}`, { name: sentence.name })
    return t(`live.${sentence.kind}`, { name: sentence.name, reason: words(sentence.code).message })
  }
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {sentences.map(say).join(' ')}
    </div>
  )
}
