import type { SearchHit } from '@adp/contract/search.ts'
import { useTranslation } from 'react-i18next'
import { documentAddress } from '../route.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useFormat } from '../ui/use-format.ts'
import { MarkedText } from './MarkedText.tsx'
import type { TextHits as Found } from './use-text-hits.ts'

/** The pages whose text has what was searched for, under the documents that have it in their name. */
export function TextHits({ found }: { found: Found }) {
  const { t } = useTranslation()
  const { q, hits, error, isCapped, hasMore, loadingMore } = found
  return (
    <section className="text-hits" aria-label={t('search.heading')}>
      <h2>{t('search.heading')}</h2>
      {error && <ProblemNote error={error} onRetry={found.reload} />}
      {!hits && !error && <p className="muted loading">{t('common.loading')}</p>}
      {hits?.length === 0 && <p className="muted">{t('search.none')}</p>}
      {hits && hits.length > 0 && (
        <ol className="card">
          {hits.map((hit) => (
            <Hit key={`${hit.document.id}/${hit.page_number}`} hit={hit} q={q} />
          ))}
        </ol>
      )}
      {isCapped && <p className="muted">{t('search.capped')}</p>}
      {hasMore && (
        <button type="button" className="button more" aria-disabled={loadingMore} onClick={found.loadMore}>
          {t(loadingMore ? 'common.loading' : 'search.more')}
        </button>
      )}
    </section>
  )
}

function Hit({ hit: { document, page_number, snippet }, q }: { hit: SearchHit; q: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <li>
      <a href={documentAddress(document.id, page_number, q)}>{document.filename}</a>
      <span className="muted"> · {t('search.page', { page: format.number(page_number) })}</span>
      <p>
        {snippet.starts_inside && '… '}
        <MarkedText text={snippet.text} spans={snippet.matches} />
        {snippet.ends_inside && ' …'}
      </p>
    </li>
  )
}
