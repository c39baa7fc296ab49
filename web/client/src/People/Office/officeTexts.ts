import { addTexts } from '@/app/languages'
import { en } from './officeTexts.en'
import { zh } from './officeTexts.zh'

addTexts(zh, en)
