import { v4 as uuid, validate } from 'uuid'
import { recall, remember } from '../remembered.ts'

const KEY = 'submitter'
let current: string | null = null

/**
 * Who uploads: a random id of this browser, with which the server shares its workers fairly between people. It tells
 * nothing about who they are.
 */
export function submitterId(): string {
  current ??= recalled() ?? remembered(uuid())
  return current
}

function recalled(): string | null {
  const id = recall(KEY)
  return validate(id) ? id : null
}

function remembered(id: string): string {
  remember(KEY, id)
  return id
}
