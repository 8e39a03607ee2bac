import { type RefObject, useEffect, useRef } from 'react'

/** Calls `onDismiss` when Escape is pressed, or the pointer or the focus goes elsewhere. @param wasKey it was Escape */
export function useDismissal(
  whole: RefObject<HTMLElement | null>,
  isOpen: boolean,
  onDismiss: (wasKey: boolean) => void,
): void {
  const dismiss = useRef(onDismiss)
  dismiss.current = onDismiss
  useEffect(() => {
    if (!isOpen) return
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && dismiss.current(true)
    const onElsewhere = (event: Event) => {
      if (event.target instanceof Node && !whole.current?.contains(event.target)) dismiss.current(false)
    }
    document.addEventListener('keydown', onKey)
    document.addEventListener('pointerdown', onElsewhere)
    document.addEventListener('focusin', onElsewhere)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('pointerdown', onElsewhere)
      document.removeEventListener('focusin', onElsewhere)
    }
  }, [isOpen, whole])
}
