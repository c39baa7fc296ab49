import { ref, watch } from 'vue'

const key = 'schoolhome/large-text'

function read(): boolean {
  try {
    return localStorage.getItem(key) === 'yes'
  } catch {
    return false
  }
}

/** Larger letters on this device, for whoever holds it: not a matter of the account. */
export const largeText = ref(read())

watch(
  largeText,
  (large) => {
    document.documentElement.classList.toggle('large-text', large)
    try {
      if (large) localStorage.setItem(key, 'yes')
      else localStorage.removeItem(key)
    } catch {
      // Then it holds until the page is closed.
    }
  },
  { immediate: true },
)
