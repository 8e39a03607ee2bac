import type { AnalyzeResult, Page } from '@adp/contract/analyze-result.ts'
import { ErrorCode } from '@adp/contract/errors.ts'
import type { SearchMatch } from '@adp/contract/search.ts'
import { useTranslation } from 'react-i18next'
import useSWR from 'swr'
import { getPage, getResult, pagePath, picturePath } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import { MarkedText } from '../search/MarkedText.tsx'
import { useMatches } from '../search/use-matches.ts'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useFormat } from '../ui/use-format.ts'
import { CopyButton } from './CopyButton.tsx'
import { LeftOutNote } from './LeftOutNote.tsx'
import { isDrawable, PageDrawing, UNSURE } from './PageDrawing.tsx'
import { PageParts } from './PageParts.tsx'

/** What a warning about the page of a result of one page has as its target. */
const ONLY_PAGE = '/pages/0'

/** Always the same, so that a page without matches is not drawn again. */
const NONE: readonly SearchMatch[] = []

type Props = { id: string; run: string; pageNumber: number; q: string }

/**
 * One page of a result: drawn where it has a layout, as text, and what was found on it.
 * @param run names the run that made the result; another run's pages are loaded anew
 * @param q what was searched for, and is marked; empty: nothing
 */
export function PageView({ id, run, pageNumber, q }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error, mutate, isLoading } = useSWR<AnalyzeResult, ApiError>(
    [pagePath(id, pageNumber), run],
    () => getPage(id, pageNumber),
    // A finished run's page never changes. The page before stays until the next is there, so that nothing jumps.
    { revalidateOnFocus: false, revalidateIfStale: false, revalidateOnReconnect: false, keepPreviousData: true },
  )
  const matches = useMatches(id, run, pageNumber, q)
  const page = data?.pages[0]
  if (error) return <ProblemNote error={error} onRetry={() => void mutate()} />
  if (data === undefined || page === undefined) return <p className="muted loading">{t('common.loading')}</p>
  return (
    <>
      {page.pageNumber !== pageNumber && !isLoading && (
        <p className="muted">{t('result.page_of_document', { page: format.number(page.pageNumber) })}</p>
      )}
      {q !== '' && matches && (
        <p className="note">{t('result.matches', { count: matches.length, n: format.number(matches.length), q })}</p>
      )}
      <LeftOutNote result={data} />
      <LoadedPage
        id={id}
        result={data}
        page={page}
        picture={isLoading ? null : picturePath(id, pageNumber)}
        matches={isLoading ? NONE : (matches ?? NONE)}
        isBusy={isLoading}
      />
    </>
  )
}

type LoadedProps = {
  id: string
  result: AnalyzeResult
  page: Page
  picture: string | null
  matches: readonly SearchMatch[]
  isBusy: boolean
}

function LoadedPage({ id, result, page, picture, matches, isBusy }: LoadedProps) {
  const { t } = useTranslation()
  const failure = useFailure(result)
  return (
    <div className="page-view" aria-busy={isBusy}>
      {isDrawable(page) && (
        <section aria-label={t('result.layout')}>
          <h2>{t('result.layout')}</h2>
          <PageDrawing page={page} picture={picture} matches={matches} />
          <Unsure count={(page.words ?? []).filter(({ confidence }) => confidence < UNSURE).length} />
        </section>
      )}
      <section aria-label={t('result.text')}>
        <h2>{t('result.text')}</h2>
        <div className="buttons">
          <CopyButton label={t('result.copy_page')} getText={() => Promise.resolve(result.content)} />
          <CopyButton label={t('result.copy_all')} getText={() => getResult(id).then(({ content }) => content)} />
        </div>
        {failure ? (
          <p className="note note-warn">
            <Icon name="warning" />
            <span>
              <strong>{t('failed_pages.this')}</strong> {failure}
            </span>
          </p>
        ) : result.content === '' ? (
          <p className="muted">{t('result.no_text')}</p>
        ) : (
          <pre className="page-text">
            <MarkedText text={result.content} spans={matches.map(({ span }) => span)} />
          </pre>
        )}
        <PageParts result={result} />
      </section>
    </div>
  )
}

/** Why the page could not be read; null: it could. */
function useFailure({ warnings = [] }: AnalyzeResult): string | null {
  const words = useErrorWords()
  const found = warnings.find(({ target }) => target === ONLY_PAGE)
  if (!found) return null
  // What a newer server has found out says the server itself.
  const code = ErrorCode.safeParse(found.code)
  return code.success ? words(code.data).message : found.message
}

function Unsure({ count }: { count: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (count === 0) return null
  return (
    <p className="muted">{t('result.unsure', { count, n: format.number(count), limit: format.percent(UNSURE) })}</p>
  )
}
