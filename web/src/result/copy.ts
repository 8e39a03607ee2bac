/**
 * Puts a text on the clipboard. The promise goes to the browser as it is, because Safari forgets that a person pressed
 * the button while a text is still loading.
 * @throws what `text` throws, or whatever the browser says when it refuses
 */
export async function copyText(text: Promise<string>): Promise<void> {
  // Only https and localhost have a clipboard; on a plain address in an office network the old command still works.
  if (navigator.clipboard === undefined) return copyByCommand(await text)
  const blob = text.then((words) => new Blob([words], { type: 'text/plain' }))
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
}

function copyByCommand(text: string): void {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'visually-hidden'
  document.body.append(field)
  const before = document.activeElement
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  if (!copied) throw new Error('the browser refused to copy')
}
