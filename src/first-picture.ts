/** Entry: writes what a first visitor sees before the engine is loaded into `src/generated`; part of `npm run generate`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { takePicture } from '#transport/take-picture.ts'
import { RESOURCES } from '#ui/state/resources.ts'

const folder = `${process.env['TABERNETES_ROOT']}/src/generated`
const text = JSON.stringify(await takePicture(RESOURCES.map(({ path }) => path)))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}/first-picture.json`, text)
console.log(`src/generated/first-picture.json: ${Math.round(text.length / 1024)} KB`)
