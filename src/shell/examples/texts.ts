/** Files of the examples that are no manifests: settings for ConfigMaps, as the pages show them. */
const lines = (...all: string[]): string => all.join('\n')

export const texts: Readonly<Record<string, string>> = {
  'configmap/game.properties': lines(
    'enemies=aliens',
    'lives=3',
    'enemies.cheat=true',
    'enemies.cheat.level=noGoodRotten',
    'secret.code.passphrase=UUDDLRLRBABAS',
    'secret.code.allowed=true',
    'secret.code.lives=30',
  ),
  'configmap/ui.properties': lines(
    'color.good=purple',
    'color.bad=yellow',
    'allow.textmode=true',
    'how.nice.to.look=fairlyNice',
    '',
  ),
  'configmap/game-env-file.properties': lines(
    'enemies=aliens',
    'lives=3',
    'allowed="true"',
    '',
    '# This comment and the empty line above it are ignored',
  ),
  'configmap/ui-env-file.properties': lines('color=purple', 'textmode=true', 'how=fairlyNice'),
}
