import { copyFileSync, rmSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'

/** Makes a file known by another name. Windows allows links only to administrators, and Node none to children; there it is copied. */
export const linkOrCopy = (from: string, to: string): void => {
  try {
    symlinkSync(resolve(from), to)
  } catch {
    copyFileSync(from, to)
  }
}

/** Calls `use` with a path that ends with `.pdf` and leads to the same bytes: LiteParse believes the name, not the bytes. */
export const withPdfName = async <T>(path: string, use: (path: string) => Promise<T>): Promise<T> => {
  if (path.endsWith('.pdf')) return use(path)
  const named = resolve(`${process.pid}.pdf`)
  rmSync(named, { force: true })
  linkOrCopy(path, named)
  try {
    return await use(named)
  } finally {
    rmSync(named, { force: true })
  }
}
