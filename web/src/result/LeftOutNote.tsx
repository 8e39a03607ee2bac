import type { AnalyzeResult } from '@adp/contract/analyze-result.ts'
import { AttachmentLimit } from '@adp/contract/document.ts'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'

/** Says that files that are attached to a mail were not read, and why; the mail's text names all of them. */
export function LeftOutNote({ result: { warnings = [] } }: { result: AnalyzeResult }) {
  const { t } = useTranslation()
  const limits = warnings.flatMap(({ code }) => AttachmentLimit.safeParse(code).data ?? [])
  if (limits.length === 0) return null
  return (
    <div className="note note-warn">
      <Icon name="warning" />
      <div>
        <strong>{t('attachments.left_out')}</strong> {limits.map((limit) => t(`attachments.${limit}`)).join(' ')}
      </div>
    </div>
  )
}
