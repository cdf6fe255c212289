// @ts-check
// The map that the inline script has made, with its empty layers; it runs before any module.

export const shell = window.kepuShell;
