import type { DeadLetter } from '@adp/contract/queue.ts'
import { useTranslation } from 'react-i18next'
import { documentAddress } from '../route.ts'
import { useErrorWords } from '../ui/error-words.ts'
import { Icon } from '../ui/Icon.tsx'
import { useFormat } from '../ui/use-format.ts'

type Props = {
  letter: DeadLetter
  /** @param next the button of a neighbour, if there is one */
  onAgain: (letter: DeadLetter, next: HTMLElement | null) => void
}

/** A document that failed: why, after how many tries, and when. */
export function DeadLetterRow({ letter, onAgain }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useErrorWords()
  const { document_id, filename, attempts, error_code, error_log, failed_at } = letter
  const when = <time dateTime={failed_at}>{format.moment(failed_at)}</time>
  return (
    <tr>
      <th scope="row" className="cell-name">
        <a href={documentAddress(document_id)}>{filename}</a>
        <span className="meta narrow-only">
          {when} · {t('queue.attempts')}: {format.number(attempts)}
        </span>
      </th>
      <td className="why">
        {words(error_code).message}
        {error_log !== '' && <small className="muted">{error_log}</small>}
      </td>
      <td className="number wide-only">{format.number(attempts)}</td>
      <td className="wide-only">{when}</td>
      <td className="number">
        <button
          type="button"
          className="button icon-only"
          title={t('action.reprocess')}
          aria-label={t('action.reprocess_of', { name: filename })}
          onClick={({ currentTarget }) => onAgain(letter, neighbour(currentTarget))}
        >
          <Icon name="again" />
        </button>
      </td>
    </tr>
  )
}

/** The button of the row below, or of the one above where there is none. */
function neighbour(button: HTMLElement): HTMLElement | null {
  const row = button.closest('tr')
  return (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector('button') ?? null
}
