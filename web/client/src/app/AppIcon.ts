import { h, type FunctionalComponent } from 'vue'

/**
 * An icon beside words, never read out. Vuetify's is two components that ask for theme, defaults and icon sets each; a page has fifty of them. `size` is in pixels; without it the icon is half as high again as
 * the words.
 */
export const AppIcon: FunctionalComponent<{ icon: string | undefined; size?: string }> = ({ icon, size }) => {
  const side = size ? `${size}px` : '1.5em'
  return h('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', style: { width: side, height: side } }, h('path', { d: icon }))
}
AppIcon.props = { icon: String, size: String }

declare module 'vue' {
  interface GlobalComponents {
    AppIcon: typeof AppIcon
  }
}
