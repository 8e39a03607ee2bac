import { ExtractionError } from '../../extractor.ts'
import type { Reader } from '../readers.ts'

const refuse = () =>
  Promise.reject(new ExtractionError('file_encrypted', 'The file is an Office file that is protected by a password'))

/** An Office file with a password is no archive any more, but a container of encrypted bytes: what it was cannot be seen. */
export const ENCRYPTED: Reader = { pages: refuse, text: refuse, frames: refuse }
