import { tellStory } from '../support/platform-story.ts'
import { armv7 } from '../support/platforms.ts'

tellStory([armv7])
