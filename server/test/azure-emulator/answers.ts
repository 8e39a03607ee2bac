import { readFile } from 'node:fs/promises'
import type { AnalyzeOperationOutput, AnalyzeResultOutput } from '@azure-rest/ai-document-intelligence'
import { type AnalyzedContent, generateAnswer } from './generated-answer.ts'

/** The file of the recorded answer to a content, by the SHA-256 of its bytes; undefined where there is none. */
export type Answers = ReadonlyMap<string, string> | ((sha256: string) => string | undefined)

const fileOf = (answers: Answers, sha256: string): string | undefined =>
  typeof answers === 'function' ? answers(sha256) : answers.get(sha256)

/** The analyzeResult of the recorded answer as it is, whatever was asked; without one, a generated result. */
export async function readAnswer(answers: Answers, content: AnalyzedContent): Promise<AnalyzeResultOutput> {
  const file = fileOf(answers, content.sha256)
  return file === undefined ? generateAnswer(content) : readRecorded(file)
}

/** @throws Error when the file has no analyzeResult */
export async function readRecorded(file: string): Promise<AnalyzeResultOutput> {
  const { analyzeResult } = JSON.parse(await readFile(file, 'utf8')) as AnalyzeOperationOutput
  if (!analyzeResult) throw new Error(`${file} has no analyzeResult`)
  return analyzeResult
}
