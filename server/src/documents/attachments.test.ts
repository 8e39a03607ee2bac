import type { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { textPdf } from '../../test/fixtures.ts'
import { type AttachedFile, emlFile, nestedEml } from '../../test/mail-files.ts'
import { useMailProcessing } from '../../test/mail-processing.ts'
import { docxFile } from '../../test/office-files.ts'
import type { Extractor } from '../extraction/extractor.ts'
import type * as queue from '../queue/job-queue.ts'
import { type BlobStore, StorageError } from '../storage/blob-store.ts'
import { deleteDocument, eraseTombstones, reprocessDocument } from './change-documents.ts'
import { readDocument } from './read-documents.ts'
import { readPage, requireResult } from './read-result.ts'

/** What is attached to a mail becomes documents of its own. */
const mails = useMailProcessing()

const text = (name: string, words = name): AttachedFile => ({ name, type: 'text/plain', bytes: Buffer.from(words) })
const texts = (count: number) => Array.from({ length: count }, (_, index) => text(`${index + 1}.txt`))
const details = (id: string) => readDocument(mails.pool, id)
const namesOf = async (id: string) => (await details(id)).attachments.map(({ filename }) => filename)
const resultOf = async (id: string) => readPage(mails.pool, await requireResult(mails.pool, id), 1)
const count = async (table: string) => (await mails.pool.query(`SELECT FROM ${table}`)).rowCount

test('each file of a type that is read, in its order, with the submitter and the priority of its mail; the others are named', async () => {
  const attached = [
    { name: 'Fatura.pdf', bytes: await textPdf(['Total 42']) },
    { name: 'program.exe', bytes: Buffer.from('MZ\0\0\0\0\0\0') },
    { name: 'empty.txt', bytes: Buffer.alloc(0) },
    { name: '../../letter.docx', bytes: docxFile('<w:p><w:r><w:t>Dear Bob</w:t></w:r></w:p>') },
  ]
  const id = await mails.upload('mail.eml', emlFile({ attached }), { submitter: 'ana', priority: 'high' })
  expect(await mails.workAll()).toEqual(['completed', 'completed', 'completed'])
  const mail = await details(id)
  expect(mail).toMatchObject({ parent_document_id: null, parent_filename: null, attachment_count: 2 })
  expect(mail.attachments).toMatchObject([
    { filename: 'Fatura.pdf', content_type: 'application/pdf', job: { status: 'COMPLETED' } },
    { filename: 'letter.docx', parent_document_id: id, parent_filename: 'mail.eml', attachment_count: 0 },
  ])
  for (const { job } of mail.attachments) expect(job).toMatchObject({ submitter: 'ana', priority: 'high' })
  expect((await resultOf(mail.attachments[0]?.id as string)).content).toBe('Total 42')
  const page = await resultOf(id)
  expect(page.content).toContain('Attachments: Fatura.pdf, program.exe, empty.txt, ')
  expect(page.warnings).toBeUndefined()
  expect([await mails.countBlobs(), await count('documents'), await count('unowned_blobs')]).toEqual([3, 3, 0])
})

test('a mail within a mail is a document, and what is attached to that is one too', async () => {
  const id = await mails.upload('mail.eml', nestedEml(2, text('a.txt')))
  await mails.workAll()
  const [middle] = (await details(id)).attachments
  expect(middle).toMatchObject({ filename: 'Level 1.eml', attachment_count: 1, content_type: 'message/rfc822' })
  const [inner] = (await details(middle?.id as string)).attachments
  expect(inner).toMatchObject({ filename: 'Level 0.eml', parent_filename: 'Level 1.eml' })
  expect(await namesOf(inner?.id as string)).toEqual(['a.txt'])
})

describe('once each', () => {
  test('when the mail is processed again; one that was deleted meanwhile comes back with it', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(3) }))
    await mails.workAll()
    const before = (await details(id)).attachments
    await deleteDocument(mails.pool, mails.blobs, before[1]?.id as string)
    await reprocessDocument(mails.pool, id, 3)
    await mails.workAll()
    expect(await namesOf(id)).toEqual(['1.txt', '2.txt', '3.txt'])
    const after = (await details(id)).attachments
    expect([after[0]?.id, after[2]?.id]).toEqual([before[0]?.id, before[2]?.id])
    expect([await mails.countBlobs(), await count('unowned_blobs')]).toEqual([4, 0])
  })

  test('when the storage fails in the middle and the job is tried again', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(3) }))
    let puts = 0
    const failing: BlobStore = Object.create(mails.blobs, {
      put: {
        value: async (key: string, source: Readable) => {
          puts += 1
          if (puts === 2) throw new StorageError('the storage is away')
          return mails.blobs.put(key, source)
        },
      },
    })
    const first = await mails.claim()
    expect(await mails.work(first as queue.ClaimedJob, { blobs: failing })).toBe('failed')
    expect(await namesOf(id)).toEqual(['1.txt'])
    await mails.workAll()
    expect(await namesOf(id)).toEqual(['1.txt', '2.txt', '3.txt'])
    expect([await mails.countBlobs(), await count('unowned_blobs')]).toEqual([4, 0])
  })

  test('a worker that has lost the job makes none, and leaves no bytes', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(3) }))
    const stale = (await mails.claim()) as queue.ClaimedJob
    // What the sweep does to a worker that is silent, while the bytes of the second are on their way.
    let puts = 0
    const losing: BlobStore = Object.create(mails.blobs, {
      put: {
        value: async (key: string, source: Readable) => {
          await mails.blobs.put(key, source)
          puts += 1
          if (puts === 2)
            await mails.pool.query(
              `UPDATE document_processing_jobs SET status = 'PENDING', locked_by = NULL, due_at = now() WHERE id = $1`,
              [stale.id],
            )
        },
      },
    })
    expect(await mails.work(stale, { blobs: losing })).toBe('released')
    expect(await namesOf(id)).toEqual(['1.txt'])
    expect([await mails.countBlobs(), await count('unowned_blobs')]).toEqual([2, 0])
    await mails.workAll()
    expect(await namesOf(id)).toEqual(['1.txt', '2.txt', '3.txt'])
  })

  test('the table itself refuses a second one', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(1) }))
    await mails.workAll()
    const twice = `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key, parent_document_id, parent_position)
      SELECT gen_random_uuid(), filename, content_type, size_bytes, sha256, 'other', parent_document_id, parent_position
      FROM documents WHERE parent_document_id = $1`
    await expect(mails.pool.query(twice, [id])).rejects.toThrow('documents_of_parent')
  })
})

describe('a deletion', () => {
  test('of a mail takes all that came with it; of an attachment, it alone', async () => {
    const id = await mails.upload('mail.eml', nestedEml(1, text('a.txt')))
    const other = await mails.upload('other.eml', emlFile({ attached: texts(2) }))
    await mails.workAll()
    await deleteDocument(mails.pool, mails.blobs, id)
    expect([await count('documents'), await mails.countBlobs()]).toEqual([3, 3])
    await deleteDocument(mails.pool, mails.blobs, (await details(other)).attachments[0]?.id as string)
    expect(await namesOf(other)).toEqual(['2.txt'])
  })

  test('that was cut short is finished, attachments first', async () => {
    const id = await mails.upload('mail.eml', nestedEml(1, text('a.txt')))
    await mails.workAll()
    await mails.pool.query(`UPDATE documents SET deleted_at = now() - interval '1 hour'`)
    await expect(details(id)).rejects.toMatchObject({ code: 'document_not_found' })
    expect(await eraseTombstones(mails.pool, mails.blobs)).toBe(3)
    expect([await count('documents'), await mails.countBlobs()]).toEqual([0, 0])
  })

  test('while the mail is read: nothing is attached to what is deleted', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(3) }))
    const job = (await mails.claim()) as queue.ClaimedJob
    let puts = 0
    const deleting: BlobStore = Object.create(mails.blobs, {
      put: {
        value: async (key: string, source: Readable) => {
          await mails.blobs.put(key, source)
          puts += 1
          if (puts === 2) await deleteDocument(mails.pool, mails.blobs, id)
        },
      },
    })
    expect(await mails.work(job, { blobs: deleting })).toBe('released')
    expect([await count('documents'), await count('unowned_blobs'), await mails.countBlobs()]).toEqual([0, 0, 0])
  })

  test('that has only begun: the tombstone alone keeps what is attached away', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(2) }))
    const job = (await mails.claim()) as queue.ClaimedJob
    const burying: BlobStore = Object.create(mails.blobs, {
      put: {
        value: async (key: string, source: Readable) => {
          await mails.blobs.put(key, source)
          await mails.pool.query('UPDATE documents SET deleted_at = now() WHERE id = $1', [id])
        },
      },
    })
    expect(await mails.work(job, { blobs: burying })).toBe('released')
    expect([await count('documents'), await count('unowned_blobs'), await mails.countBlobs()]).toEqual([1, 0, 1])
  })
})

describe('too much', () => {
  test('files are left out, and the result says which', async () => {
    const id = await mails.upload('mail.eml', emlFile({ attached: texts(8) }))
    await mails.pool.query(
      `INSERT INTO documents (id, filename, content_type, size_bytes, sha256, blob_key, parent_document_id, parent_position)
       SELECT gen_random_uuid(), 'a', 'text/plain', 1, repeat('0', 64), n::text, $1, n FROM generate_series(101, 595) AS n`,
      [id],
    )
    expect(await mails.work((await mails.claim()) as queue.ClaimedJob)).toBe('completed')
    expect((await details(id)).attachment_count).toBe(500)
    expect((await resultOf(id)).warnings).toEqual([
      { code: 'too_many_attachments', message: expect.stringMatching(/^3 attached files .*: 6\.txt, 7\.txt, 8\.txt$/) },
    ])
  })

  test('mails within mails end at a depth', async () => {
    const id = await mails.upload('mail.eml', nestedEml(6, text('a.txt')))
    await mails.workAll()
    const { rows } = await mails.pool.query('SELECT id, filename FROM documents ORDER BY filename DESC')
    expect(rows.map(({ filename }) => filename)).toEqual(['mail.eml', ...[5, 4, 3, 2].map((n) => `Level ${n}.eml`)])
    expect((await resultOf(id)).warnings).toBeUndefined()
    expect((await resultOf(rows.at(-1).id)).warnings).toMatchObject([{ code: 'attachments_too_deep' }])
  })
})

test('who has asked for Azure has it read what it reads; the mail and the rest are read here, and whole', async () => {
  const asked: unknown[] = []
  const azure: Extractor = {
    provider: 'azure',
    reads: (type) => type === 'application/pdf',
    async begin({ contentType, options, pages }, events) {
      asked.push({ contentType, options, pages })
      await events.onOpened(0)
      return { kind: 'done' }
    },
    resume: () => Promise.reject(new Error('nothing to resume')),
  }
  const attached = [{ name: 'a.pdf', bytes: await textPdf(['x']) }, text('b.txt')]
  const extraction = { provider: 'azure', model: 'my-model', locale: 'pt', pages: '1' } as const
  const id = await mails.upload('mail.eml', emlFile({ attached }), { extraction })
  expect(await mails.workAll({ extractors: { azure } })).toEqual(['completed', 'completed', 'completed'])
  expect(asked).toEqual([
    { contentType: 'application/pdf', options: { model: 'my-model', locale: 'pt' }, pages: undefined },
  ])
  const mail = await details(id)
  expect([mail.job.provider, ...mail.attachments.map(({ job }) => job.provider)]).toEqual(['local', 'azure', 'local'])
})
