import { ref, watch } from 'vue'
import { rememberLargeText, remembersLargeText } from './remembered'

/** Larger letters on this device, for whoever holds it: not a matter of the account. */
export const largeText = ref(remembersLargeText())

watch(
  largeText,
  (large) => {
    document.documentElement.classList.toggle('large-text', large)
    rememberLargeText(large)
  },
  { immediate: true },
)
