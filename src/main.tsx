/** Entry: the page. */
import { createRoot } from 'react-dom/client'
import { assert } from '#api/assert.ts'
import { App } from '#ui/app/app.tsx'
import { createDesk } from '#ui/state/desk.ts'
import { readOptions } from '#ui/state/options.ts'
import { createFake } from '#ui/testing/fake.ts'

const root = document.getElementById('root')
assert(root, 'the page has no #root')
createRoot(root).render(<App desk={createDesk(createFake(), readOptions(location.search))} />)
