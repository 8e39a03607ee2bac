import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'

type Props = { page: number; total: number; onPage: (page: number) => void }

/** Turns pages one by one, or goes to a number; a document may have thousands. */
export function Pager({ page, total, onPage }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [typed, setTyped] = useState(String(page))
  useEffect(() => setTyped(String(page)), [page])

  function turnTo(wanted: number): void {
    const inside = Math.min(Math.max(1, wanted), total)
    setTyped(String(inside))
    if (inside !== page) onPage(inside)
  }

  return (
    <nav className="pager" aria-label={t('result.pages')}>
      <button
        type="button"
        className="button icon-only"
        aria-label={t('result.previous')}
        aria-disabled={page <= 1}
        onClick={() => turnTo(page - 1)}
      >
        <Icon name="back" />
      </button>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          turnTo(Number.parseInt(typed, 10) || page)
        }}
      >
        <label>
          {t('result.page_number')}{' '}
          <input
            inputMode="numeric"
            size={4}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => turnTo(Number.parseInt(typed, 10) || page)}
          />{' '}
          {t('result.of_total', { total: format.number(total) })}
        </label>
      </form>
      <button
        type="button"
        className="button icon-only"
        aria-label={t('result.next')}
        aria-disabled={page >= total}
        onClick={() => turnTo(page + 1)}
      >
        <Icon name="chevron" />
      </button>
    </nav>
  )
}
