import type { Job } from '@adp/contract/job.ts'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/use-format.ts'
import { readByWords } from './read-by.ts'

/** Who reads a document, and how many of its pages are paid for. */
export function ReadBy({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = readByWords(job, t, format)
  if (words === null) return null
  return (
    <>
      <dt>{t('read_by.title')}</dt>
      <dd>{words}</dd>
    </>
  )
}
