export function offline(): import('vite').Plugin
