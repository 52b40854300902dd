/** The poster of a frame that begins only when it is clicked. */
import { t } from '../words/index.ts'

export function poster(element: HTMLElement): Promise<void> {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = t('▶ Run this Kubernetes cluster')
  button.style.cssText =
    'position:fixed;inset:8px;border:1px solid #8a94a8;border-radius:12px;background:transparent;color:inherit;font:600 17px system-ui,sans-serif;cursor:pointer'
  element.append(button)
  return new Promise((begin) => {
    button.addEventListener('click', () => {
      button.remove()
      begin()
    })
  })
}
