import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { linkOrCopy } from './file-name.ts'

/** The data of Tesseract's LSTM engine, the ones tesseract.js itself would download; read as well as the full set of three times the size. */
const VARIANT = '4.0.0_best_int'

const require = createRequire(import.meta.url)

const findPackage = (name: string): string | null => {
  try {
    return require.resolve(name)
  } catch {
    return null
  }
}

/** The data files of the languages, each from an npm package of its own. Throws when a language's package is not installed. */
export const findLanguageData = (languages: readonly string[]): string[] =>
  languages.map((language) => {
    const name = `@tesseract.js-data/${language}`
    const index = findPackage(name)
    if (index === null)
      throw new Error(`OCR_LANGUAGES names ${language}, whose data is not installed: npm install -w server ${name}`)
    return join(dirname(index), VARIANT, `${language}.traineddata.gz`)
  })

/** Puts files together in one folder, where Tesseract looks for all of its languages. */
export const gatherFiles = (files: readonly string[], folder: string): void => {
  for (const file of files) linkOrCopy(file, join(folder, basename(file)))
}
