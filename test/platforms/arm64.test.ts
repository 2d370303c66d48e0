import { tellStory } from '../support/platform-story.ts'
import { arm64 } from '../support/platforms.ts'

tellStory([arm64])
