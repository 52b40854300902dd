/** Every lesson's words in German. */
export const words = import.meta.glob<string>('../*/lesson.de.md', { query: '?raw', import: 'default', eager: true })
