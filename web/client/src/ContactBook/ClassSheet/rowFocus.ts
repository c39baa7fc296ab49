/** Asked before a row leaves its list; called when it has, it puts the focus on the next row, else the one before, else the list's heading. A focus that has gone elsewhere meanwhile stays there. */
export function focusAfter(row: HTMLElement): () => void {
  const list = row.parentElement
  const places = [row.nextElementSibling, row.previousElementSibling, list?.previousElementSibling?.querySelector('h2') ?? list?.previousElementSibling]
  return () => {
    const now = document.activeElement
    if (now !== null && now !== document.body && !row.contains(now)) return
    const place = places.find((one): one is HTMLElement => one instanceof HTMLElement && one.isConnected)
    place?.focus()
  }
}
