declare module 'vuetify/styles/core'
