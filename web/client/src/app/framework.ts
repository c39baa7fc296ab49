/** A piece of the start (boot.ts): what all else stands on. */
export { createApp } from 'vue'
