import { tellStory } from '../support/platform-story.ts'
import { onThisMachine } from '../support/platforms.ts'

tellStory(onThisMachine)
