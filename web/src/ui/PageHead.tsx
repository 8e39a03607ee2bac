import { useTranslation } from 'react-i18next'
import { NO_FILTER } from '../documents/filter.ts'
import { listAddress, QUEUE_ADDRESS, type Route } from '../route.ts'
import { Icon } from './Icon.tsx'
import { Preferences } from './Preferences.tsx'

/** The ways between the views, and the switches. */
export function PageHead({ view }: { view: Route['view'] }) {
  const { t } = useTranslation()
  const current = (of: Route['view']) => (view === of ? 'page' : undefined)
  return (
    <header className="page-head">
      <nav className="views" aria-label={t('queue.views')}>
        <a className="brand" href={listAddress(NO_FILTER)} aria-current={current('list')}>
          <Icon name="page" />
          <span>{t('app.title')}</span>
        </a>
        <a className="view-link" href={QUEUE_ADDRESS} aria-current={current('queue')}>
          {t('queue.title')}
        </a>
      </nav>
      <Preferences />
    </header>
  )
}
