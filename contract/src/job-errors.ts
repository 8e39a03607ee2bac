import type { ErrorMeaning } from './errors.ts'

/** Codes that end an attempt at a document, and with the permanent ones its job. */
export const JOB_ERRORS = {
  // Jobs: permanent
  file_corrupt: {
    retryable: false,
    message: 'The file is damaged and cannot be read.',
    action: 'Open it in a viewer, save it anew and upload that copy.',
  },
  file_encrypted: {
    retryable: false,
    message: 'The file is protected by a password.',
    action: 'Remove the password and upload the file again.',
  },
  no_readable_page: {
    retryable: false,
    message: 'No page of the file could be read.',
    action: 'Open it in a viewer, print it to a new PDF and upload that one.',
  },
  image_too_large: {
    retryable: false,
    message: 'The picture has more pixels than can be processed.',
    action: 'Scale it down and upload it again.',
  },
  archive_too_large: {
    retryable: false,
    message: 'The file is packed so tightly that it unpacks to more than can be processed.',
    action: 'Open it in the program that made it, split it, and upload the parts.',
  },
  too_many_cells: {
    retryable: false,
    message: 'The file has more cells in its tables than can be processed.',
    action: 'Split it, or upload only the sheets that are needed.',
  },
  too_many_pages: {
    retryable: false,
    message: 'The document has more pages than this server accepts.',
    action: 'Split the document, or raise MAX_PAGES.',
  },
  memory_exceeded: {
    retryable: false,
    message: 'Reading the file took more memory than one document may use, so it was stopped.',
    action: 'Split or simplify the file, or raise EXTRACTION_MEMORY_MB.',
  },
  page_timeout: {
    retryable: false,
    message: 'Reading the file made no progress for too long, so it was stopped.',
    action: 'Split or simplify the file, or raise EXTRACTION_PAGE_TIMEOUT_SECONDS.',
  },
  document_timeout: {
    retryable: false,
    message: 'Reading the file took longer than one document may take, so it was stopped.',
    action: 'Split the file, or raise EXTRACTION_TIMEOUT_SECONDS.',
  },
  content_missing: {
    retryable: false,
    message: 'The stored bytes of the document are gone.',
    action: 'Upload the file again, and check the storage of the server.',
  },
  content_damaged: {
    retryable: false,
    message: 'The stored bytes of the document are not the ones that were uploaded.',
    action: 'Upload the file again, and check the storage of the server.',
  },
  model_not_found: {
    status: 422,
    retryable: false,
    message: 'The provider has no model with this name.',
    action:
      'Check the name of the model, and that it belongs to the configured resource or is one that this server has itself.',
  },
  credentials_unavailable: {
    retryable: true,
    message: 'This server has no credentials for the provider.',
    action:
      'It is tried again. Set AZURE_DOCUMENT_INTELLIGENCE_KEY, or give the machine an identity that may use the provider.',
  },
  credentials_refused: {
    retryable: false,
    message: 'The provider refuses the credentials of this server.',
    action: 'Check AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT and its key, then process the document again.',
  },
  provider_rejected: {
    retryable: false,
    message: 'The provider does not accept the document, or an option that was sent with it.',
    action: 'The technical detail is the reason in the words of the provider.',
  },
  provider_not_configured: {
    retryable: false,
    message: 'The provider that is to read the document is not configured on this server.',
    action: 'Set AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT and its key, or process the document with another provider.',
  },
  unsupported_by_provider: {
    retryable: false,
    message: 'The provider that is to read the document cannot read files of its type. Nothing was sent to it.',
    action: 'Upload it with `provider=local`, or as a PDF, PNG, JPEG, TIFF, BMP or HEIC file.',
  },
  over_quota: {
    retryable: false,
    message: 'The document has more pages than may still be sent to the provider in this period.',
    action:
      'Process it again in the next period. If it has more pages than a whole period may have, raise the quota in the settings.',
  },
  pages_out_of_range: {
    retryable: false,
    message: 'The document has none of the pages that were asked for.',
    action: 'See in `detail` how many it has, and upload it again with other `pages`.',
  },
  operation_expired: {
    retryable: false,
    message: 'The provider has no result for the document any more: it keeps them for 24 hours.',
    action: 'Process the document again. It is paid for again.',
  },
  submission_uncertain: {
    retryable: false,
    message: 'The document was sent to the provider twice, and no answer has come back either time.',
    action:
      'Both may have been billed, so it is not sent again by itself. Process it again when the provider can be reached.',
  },

  result_invalid: {
    retryable: false,
    message: 'The result of the provider does not have the shape that it documents.',
    action:
      'Tell the provider, with `detail`: reading the document again gives the same result, and is paid for again.',
  },
  result_outdated_shape: {
    retryable: false,
    message: 'The result of the provider has the shape of an older version of its API.',
    action: 'Set the endpoint to one that speaks API version 2024-11-30.',
  },
  result_mismatch: {
    retryable: false,
    message: 'The result of the provider is not one of what was sent to it.',
    action: 'Process the document again. If it happens again, see in `detail` which setting of the provider differs.',
  },
  result_incomplete: {
    retryable: false,
    message: 'The result of the provider lacks pages of the document.',
    action: 'Check the tier of the provider (the free one reads two pages only), then process the document again.',
  },

  canceled: {
    retryable: false,
    message: 'Processing was canceled.',
    action: 'Process the document again when it is wanted after all.',
  },

  // Jobs: transient
  provider_answer_broken: {
    retryable: true,
    message: 'The answer of the provider broke off, or is no JSON.',
    action: 'Try again. If it happens again, look at the network between this server and the provider.',
  },
  parser_crashed: {
    retryable: true,
    message: 'The process that reads the file died.',
    action: 'Try again. If it happens again, the file is the cause: save it anew and upload that copy.',
  },
  provider_unavailable: {
    retryable: true,
    message: 'The provider cannot be reached, or does not answer as it should.',
    action:
      'It is tried again by itself. If it stays so, check AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT and the status page of the provider.',
  },
  provider_failed: {
    retryable: true,
    message: 'The provider has accepted the document and then failed to read it.',
    action: 'It is tried again by itself. What fails is not billed.',
  },
  provider_throttled: {
    retryable: true,
    message: 'The provider takes no more documents at the moment.',
    action: 'Nothing has to be done: it goes on by itself, and no attempt is used up.',
  },
  quota_exceeded: {
    retryable: true,
    message: 'The pages that may be sent to the provider in this period are used up.',
    action: 'It goes on by itself in the next period, or within 15 minutes once the quota is raised in the settings.',
  },
  worker_lost: {
    retryable: true,
    message: 'The worker that had the document died or could not be reached.',
    action: 'Try again. If it happens again, look at the log of the worker.',
  },
} as const satisfies Record<string, ErrorMeaning>
