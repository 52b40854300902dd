/** Every lesson's words in German. */
export const fronts = import.meta.glob<string>('../*/lesson.de.md', { query: '?front', import: 'default', eager: true })
export const words = import.meta.glob<string>('../*/lesson.de.md', { query: '?raw', import: 'default' })
