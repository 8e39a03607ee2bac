/**
 * The files of a drop, those inside dropped folders included. Has to be called in the event itself: the browser
 * empties the DataTransfer after it.
 */
export function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const found = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => {
      const entry = item.webkitGetAsEntry()
      const file = item.getAsFile()
      return entry?.isDirectory ? filesBelow(entry as FileSystemDirectoryEntry) : Promise.resolve(file ? [file] : [])
    })
  return Promise.all(found).then((files) => files.flat())
}

async function filesBelow(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const files: File[] = []
  for (const entry of await entriesOf(folder)) {
    // .DS_Store and the like come with every folder; nobody means to upload them.
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory) files.push(...(await filesBelow(entry as FileSystemDirectoryEntry)))
    else files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)))
  }
  return files
}

/** readEntries gives at most 100 at a time, and an empty list at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return entries
    entries.push(...some)
  }
}
