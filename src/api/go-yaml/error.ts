/** What go-yaml would say: the whole text, with its `yaml: ` in front where that belongs. */
export class YamlError extends Error {}
