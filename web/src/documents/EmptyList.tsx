import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'

/** Invites to drop files, or to look for something else. */
export function EmptyList({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation()
  if (filtered)
    return (
      <div className="empty">
        <Icon name="search" />
        <h2>{t('list.nothing_title')}</h2>
        <p>{t('list.nothing_text')}</p>
        <button type="button" className="button" onClick={onClear}>
          {t('list.clear_filters')}
        </button>
      </div>
    )
  return (
    <div className="empty">
      <Icon name="page" />
      <h2>{t('list.empty_title')}</h2>
      <p>{t('list.empty_text')}</p>
    </div>
  )
}
