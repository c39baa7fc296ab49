import { addTexts } from '@/app/languages'

addTexts(
  {
    people: {
      password: {
        advice: '至少 8 位。几个不相干的词连在一起，又好记又安全。',
        weak: '太容易猜到。',
      },
    },
  },
  {
    people: {
      password: {
        advice: 'At least 8 characters. A few unrelated words are easy to keep and hard to guess.',
        weak: 'Too easy to guess.',
      },
    },
  },
)
