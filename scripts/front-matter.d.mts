export function frontMatter(): import('vite').Plugin
