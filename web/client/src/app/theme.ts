import 'vuetify/styles/core'
import { createVuetify } from 'vuetify'
import { mdi } from 'vuetify/iconsets/mdi-svg'
import { aliases } from './icons'
import { vuetifyWords } from './vuetifyWords'

/** Plain surfaces and one accent colour, by the system's light or dark. All pairs of text and ground reach 4.5 : 1. */
export const vuetify = createVuetify({
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  locale: { adapter: vuetifyWords },
  theme: {
    defaultTheme: 'system',
    themes: {
      light: {
        dark: false,
        colors: {
          background: '#f6f8f7',
          surface: '#ffffff',
          primary: '#0f6b5c',
          'on-primary': '#ffffff',
          'on-background': '#17201d',
          'on-surface': '#17201d',
          error: '#b3261e',
          'on-error': '#ffffff',
          warning: '#8a5300',
          success: '#1b6331',
          info: '#1d5fa8',
        },
      },
      dark: {
        dark: true,
        colors: {
          background: '#121715',
          surface: '#1b2220',
          primary: '#7fd4bf',
          'on-primary': '#00382e',
          'on-background': '#e3ebe8',
          'on-surface': '#e3ebe8',
          error: '#ffb4ab',
          'on-error': '#690005',
          warning: '#ffc875',
          success: '#8fdca0',
          info: '#9ecaff',
        },
      },
    },
  },
  defaults: {
    VBtn: { minHeight: 48, minWidth: 48 },
    VTextField: { variant: 'outlined', color: 'primary', hideDetails: 'auto' },
    VSelect: { variant: 'outlined', color: 'primary', hideDetails: 'auto' },
    VAutocomplete: { variant: 'outlined', color: 'primary', hideDetails: 'auto' },
    VCheckbox: { color: 'primary', hideDetails: 'auto' },
    VRadioGroup: { color: 'primary' },
  },
})
