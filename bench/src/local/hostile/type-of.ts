import type { ContentType } from '@adp/contract/document.ts'
import { createContainerSniffer } from '../../../../server/src/documents/sniff-container.ts'
import { SNIFF_BYTES, sniffType } from '../../../../server/src/documents/sniff-type.ts'

/** What the product takes a file for; null: it is refused when it is uploaded. */
export async function typeOf(bytes: Buffer): Promise<ContentType | null> {
  const found = await sniffType(bytes.subarray(0, SNIFF_BYTES))
  if (found !== 'archive' && found !== 'compound') return found
  const sniffer = createContainerSniffer(found)
  sniffer.add(bytes)
  return sniffer.type()
}
