import { onBeforeUnmount } from 'vue'

/** For a dialog that is there only while it is open: the focus goes back to what opened it. Where that has gone, whoever opened the dialog sees to the focus. */
export function useFocusReturn(): void {
  const opener = document.activeElement
  onBeforeUnmount(() => {
    // The dialog lets go of the focus when it is taken out of the page.
    setTimeout(() => {
      const now = document.activeElement
      if (opener instanceof HTMLElement && opener.isConnected && (now === null || now === document.body)) opener.focus()
    })
  })
}
