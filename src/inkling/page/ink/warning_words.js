// Sentences of warnings that a page looks for.

export const NOTHING_DRAWN = "nothing drawn";
export const LIGHT_ON_DARK = "light on dark";
export const SEVERAL_DIGITS = "may be several digits, read as one";
