/** What opens over a page when somebody asks for it (lateDialogs.ts). */
export { default as AddendumDialog } from './AddendumDialog.vue'
export { default as NewerDialog } from './NewerDialog.vue'
export { default as SectionHistory } from './SectionHistory.vue'
export { default as WithdrawDialog } from './WithdrawDialog.vue'
