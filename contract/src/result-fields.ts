import { z } from 'zod'
import { BoundingRegion, Region, Span } from './geometry.ts'

const confidence = z.number().min(0).max(1)

const KeyValueElement = z.looseObject({ content: z.string(), ...Region.shape }).meta({ id: 'KeyValueElement' })

export const KeyValuePair = z
  .looseObject({ key: KeyValueElement, value: KeyValueElement.exactOptional(), confidence })
  .meta({ id: 'KeyValuePair' })
export type KeyValuePair = z.infer<typeof KeyValuePair>

export const CurrencyValue = z
  .looseObject({
    amount: z.number(),
    currencySymbol: z.string().exactOptional(),
    currencyCode: z.string().exactOptional().describe('ISO 4217'),
  })
  .meta({ id: 'CurrencyValue' })
export type CurrencyValue = z.infer<typeof CurrencyValue>

const line = z.string().exactOptional()

export const AddressValue = z
  .looseObject({
    houseNumber: line,
    poBox: line,
    road: line,
    city: line,
    state: line,
    postalCode: line,
    countryRegion: line,
    streetAddress: line,
    unit: line,
    cityDistrict: line,
    stateDistrict: line,
    suburb: line,
    house: line,
    level: line,
  })
  .meta({ id: 'AddressValue' })
export type AddressValue = z.infer<typeof AddressValue>

const PlainField = z.looseObject({
  type: z.string().describe('string, date, number, currency, array, object, …: says which of the values there is'),
  valueString: z.string().exactOptional(),
  valueDate: z.string().exactOptional().describe('YYYY-MM-DD'),
  valueTime: z.string().exactOptional().describe('hh:mm:ss'),
  valuePhoneNumber: z.string().exactOptional().describe('E.164'),
  valueNumber: z.number().exactOptional(),
  valueInteger: z.int().exactOptional(),
  valueSelectionMark: z.string().exactOptional().describe('selected or unselected'),
  valueSignature: z.string().exactOptional().describe('signed or unsigned'),
  valueCountryRegion: z.string().exactOptional().describe('ISO 3166-1 alpha-3'),
  valueCurrency: CurrencyValue.exactOptional(),
  valueAddress: AddressValue.exactOptional(),
  valueBoolean: z.boolean().exactOptional(),
  valueSelectionGroup: z.array(z.string()).exactOptional(),
  content: z.string().exactOptional(),
  boundingRegions: z.array(BoundingRegion).exactOptional(),
  spans: z.array(Span).exactOptional(),
  confidence: confidence.exactOptional(),
})

/** A field of a document. One that was not found has its `type` and nothing else; its value is under the name that fits the type. */
export interface DocumentField extends z.infer<typeof PlainField> {
  valueArray?: DocumentField[]
  valueObject?: Record<string, DocumentField>
}

export const DocumentField: z.ZodType<DocumentField> = PlainField.extend({
  // Getters, since they speak of the field itself. TypeScript infers an optional getter of a dictionary as required: hence the interface.
  get valueArray() {
    return z.array(DocumentField).exactOptional()
  },
  get valueObject() {
    return z.record(z.string(), DocumentField).exactOptional()
  },
}).meta({ id: 'DocumentField' })

export const AnalyzedDocument = z
  .looseObject({
    docType: z.string(),
    ...Region.shape,
    fields: z.record(z.string(), DocumentField).exactOptional(),
    confidence,
    isPagePart: z
      .boolean()
      .exactOptional()
      .describe('Of one page that this server read: what the page shows of a document, which may go on on others'),
  })
  .meta({ id: 'AnalyzedDocument' })
export type AnalyzedDocument = z.infer<typeof AnalyzedDocument>
