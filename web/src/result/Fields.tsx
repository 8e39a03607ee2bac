import type { AnalyzedDocument, DocumentField, KeyValuePair } from '@adp/contract/result-fields.ts'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../ui/use-format.ts'
import { fieldText, sayMarks } from './field-text.ts'
import { placeKey } from './place-key.ts'

/** A document that was found, as an invoice, with its fields. */
export function DocumentFields({ document }: { document: AnalyzedDocument }) {
  return (
    <section className="found-fields" aria-label={document.docType}>
      <h3>
        {document.docType} <Confidence of={document.confidence} />
      </h3>
      <FieldList fields={document.fields ?? {}} />
    </section>
  )
}

/** By name, as the service has them in every answer that we have seen: the database keeps no order. */
const inOrder = (fields: Record<string, DocumentField>) =>
  Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1))

function FieldList({ fields }: { fields: Record<string, DocumentField> }) {
  return (
    <dl className="pairs">
      {inOrder(fields).map(([name, field]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <FieldValue field={field} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FieldValue({ field }: { field: DocumentField }) {
  const { valueArray, valueObject } = field
  if (valueObject) return <FieldList fields={valueObject} />
  if (valueArray) {
    return (
      <ol>
        {valueArray.map((each, index) => (
          <li key={placeKey(index)}>
            <FieldValue field={each} />
          </li>
        ))}
      </ol>
    )
  }
  return <PlainValue field={field} />
}

function PlainValue({ field }: { field: DocumentField }) {
  const { t } = useTranslation()
  const words = {
    yes: t('result.yes'),
    no: t('result.no'),
    selected: t('result.selected'),
    unselected: t('result.unselected'),
    signed: t('result.signed'),
    unsigned: t('result.unsigned'),
  }
  const text = fieldText(field, useFormat(), words)
  if (text === null) return <span className="muted">{t('result.not_found')}</span>
  return (
    <>
      {text} <Confidence of={field.confidence} />
    </>
  )
}

export function KeyValuePairs({ pairs }: { pairs: KeyValuePair[] }) {
  const { t } = useTranslation()
  const words = { selected: t('result.selected'), unselected: t('result.unselected') }
  return (
    <section className="found-fields" aria-label={t('result.pairs')}>
      <h3>{t('result.pairs')}</h3>
      <dl className="pairs">
        {pairs.map(({ key, value, confidence }, index) => (
          <div key={placeKey(index)}>
            <dt>{key.content}</dt>
            <dd>
              {value ? sayMarks(value.content, words) : <span className="muted">{t('result.not_found')}</span>}{' '}
              <Confidence of={confidence} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Confidence({ of }: { of: number | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (of === undefined) return null
  return <span className="muted confidence">{t('result.confidence', { part: format.percent(of) })}</span>
}
