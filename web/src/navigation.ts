import { useEffect, useRef, useState } from 'react'
import { NO_FILTER } from './documents/filter.ts'
import { documentAddress, listAddress, type Route } from './route.ts'

/** The list as it was last seen: where one goes back to from a document. */
export function useListAddress(route: Route): string {
  const [last, setLast] = useState(() => listAddress(NO_FILTER))
  const shown = route.view === 'list' ? listAddress(route.filter) : last
  if (shown !== last) setLast(shown)
  return shown
}

/** The view without what changes within it: a search or a turned page is not another one. */
const viewOf = (route: Route): string => (route.view === 'document' ? documentAddress(route.id) : route.view)

/**
 * Moves the focus when another view is shown, as a new page would: to the heading, or to the link of the document one
 * comes from. Not when the page is opened.
 */
export function useViewFocus(route: Route) {
  const heading = useRef<HTMLHeadingElement>(null)
  const view = viewOf(route)
  const shown = useRef(view)
  useEffect(() => {
    const before = shown.current
    if (before === view) return
    shown.current = view
    const link = document.querySelector(`main a[href="${before}"]`)
    if (link instanceof HTMLElement) return link.focus()
    scrollTo(0, 0)
    heading.current?.focus()
  }, [view])
  return heading
}
