import { ERRORS, type ErrorCode } from '@adp/contract/errors.ts'
import type { ClientErrorCode } from '../api-error.ts'

export type ErrorWords = { readonly message: string; readonly action: string }

// The contract's own sentences, so that page and API never say different things.
const serverErrors = Object.fromEntries(
  Object.entries(ERRORS).map(([code, { message, action }]) => [code, { message, action }]),
) as Record<ErrorCode, ErrorWords>

const clientErrors: Record<ClientErrorCode, ErrorWords> = {
  unreachable: {
    message: 'The server cannot be reached.',
    action: 'Check the connection. The page keeps trying by itself.',
  },
  unexpected_answer: {
    message: 'The server gave an answer this page does not understand.',
    action: 'Reload the page. If it happens again, page and server may be of different versions.',
  },
  cancelled: { message: 'The upload was stopped.', action: 'Upload the file again if you still want it.' },
}

export const en = {
  app: { title: 'Documents', language: 'Language', theme: 'Theme' },
  theme: { auto: 'Auto', light: 'Light', dark: 'Dark' },
  common: {
    retry: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
    back: 'All documents',
    loading: 'Loading…',
  },
  list: {
    caption: 'Documents, newest first',
    details: 'Details',
    name: 'Name',
    pages: 'Pages',
    size: 'Size',
    when: 'Uploaded',
    status: 'Status',
    actions: 'Actions',
    pages_count_one: '{{n}} page',
    pages_count_other: '{{n}} pages',
    more: 'Show more',
    show_details: 'Details of {{name}}',
    empty_title: 'No documents yet',
    empty_text: 'Drop PDF files or pictures anywhere on this page, or choose them.',
    nothing_title: 'No document matches',
    nothing_text: 'Change the name or the status you are looking for.',
    clear_filters: 'Show all documents',
  },
  filter: {
    name: 'Search by name',
    status: 'Status',
    all: 'All',
    pending: 'In progress',
    completed: 'Done',
    failed: 'Failed',
  },
  phase: {
    queued: 'Waiting',
    retry_at: 'Next try at {{time}}',
    retry_due: 'Trying again soon',
    opening: 'Opening',
    page: 'Page {{page}} of {{total}}',
    provider: 'With the provider',
    provider_until: 'With the provider, next look at {{time}}',
    completed: 'Done',
    failed: 'Failed',
  },
  action: {
    retry: 'Try again',
    reprocess: 'Process again',
    delete: 'Delete',
    original: 'Download original',
    json: 'Download result (JSON)',
    retry_of: 'Try {{name}} again',
    reprocess_of: 'Process {{name}} again',
    delete_of: 'Delete {{name}}',
  },
  details: {
    last_try: 'The last try failed',
    code: 'Code',
    technical: 'Technical detail',
    attempts: 'Attempts',
    attempts_used: '{{used}} of {{max}} tries used',
    attempt: 'Try',
    type: 'Type',
    sha256: 'SHA-256',
    no_attempts: 'Not tried yet.',
    running: 'running',
  },
  outcome: {
    COMPLETED: 'Done',
    FAILED: 'Failed',
    RELEASED: 'Handed back when the worker stopped; not counted',
    WORKER_LOST: 'The worker was lost',
  },
  remove: {
    title: 'Delete this document?',
    text: '{{name}}, its result and its history are deleted for good.',
    confirm: 'Delete',
  },
  upload: {
    button: 'Upload files',
    hint: 'or drop them anywhere on the page',
    drop: 'Drop the files to upload them',
    drop_types: 'PDF, PNG, JPEG, TIFF or WebP',
    title: 'Uploads',
    progress: '{{done}} of {{all}} uploaded',
    sending: 'Uploading {{name}}',
    storing: 'Storing…',
    waiting_one: '{{n}} more file waiting',
    waiting_other: '{{n}} more files waiting',
    failed_one: '{{n}} file was not uploaded',
    failed_other: '{{n}} files were not uploaded',
    retry_of: 'Upload {{name}} again',
    dismiss_of: 'Drop {{name}} from the list',
    retry_all: 'Try all again',
    dismiss_all: 'Clear the list',
    stop: 'Stop',
  },
  result: {
    page_number: 'Page',
    of_total: 'of {{total}}',
    previous: 'Previous page',
    next: 'Next page',
    pages: 'Pages of the document',
    text: 'Text',
    layout: 'Where the words stand',
    drawing_one: 'Page {{page}} with {{n}} word in its place',
    drawing_other: 'Page {{page}} with {{n}} words in their places',
    unsure_one: '{{n}} word was read with less than {{limit}} confidence; it is marked.',
    unsure_other: '{{n}} words were read with less than {{limit}} confidence; they are marked.',
    no_text: 'There is no text on this page.',
    copy_page: 'Copy text of this page',
    copy_all: 'Copy whole text',
    copied: 'Copied',
    copy_failed: 'Could not copy',
    older: 'This is the result of an earlier run.',
    not_yet: 'The text appears here as soon as the document has been read.',
  },
  live: {
    completed: '{{name}} is done.',
    failed: '{{name}} failed: {{reason}}',
    upload_failed: '{{name}} was not uploaded: {{reason}}',
    many_completed: '{{n}} documents are done.',
    many_failed: '{{n}} documents failed.',
    many_upload_failed: '{{n}} files were not uploaded.',
  },
  errors: { ...serverErrors, ...clientErrors },
}

/** The same keys with any words: what every other language has to have. */
type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
export type Dictionary = Words<typeof en>
