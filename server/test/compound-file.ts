/** The beginning of a compound file (MS-CFB 2.2), and an entry of its directory for each name. Only what tells its kind is there. */
export const compoundFile = (names: string[]): Buffer => {
  const header = Buffer.alloc(512)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  // After five thousand bytes, so that the beginning alone does not say what it is.
  const entries = names.map((name) => {
    const entry = Buffer.alloc(128)
    entry.write(name, 'utf16le')
    entry.writeUInt16LE(2 * (name.length + 1), 64)
    return entry
  })
  return Buffer.concat([header, Buffer.alloc(5000), ...entries])
}

/** An Office file with a password: MS-OFFCRYPTO 2.3.4. */
export const encryptedOffice = (): Buffer => compoundFile(['Root Entry', 'EncryptionInfo', 'EncryptedPackage'])
