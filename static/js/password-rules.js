// The rules of new passwords that a browser can check, as Django's validators check them.

const MIN_LENGTH = 10; // characters
const MAX_SIMILARITY = 0.7;

/** Return whether `password` has enough characters. */
export const isLongEnough = (password) => characters(password).length >= MIN_LENGTH;

/** Return whether `password` is similar to one of `values` (texts), or to a word in one of them. */
export function isSimilar(password, values) {
  const text = characters(password.toLowerCase());
  return values
    .map((value) => value.toLowerCase())
    .flatMap((value) => [value, ...value.split(/[^\p{L}\p{N}_]+/u)])
    .map(characters)
    .some((part) => part.length && !isMuchLonger(text, part) && similarity(text, part) >= MAX_SIMILARITY);
}

const characters = (text) => [...text.normalize("NFC")];

const isMuchLonger = (text, part) =>
  text.length >= 10 * part.length && part.length < (MAX_SIMILARITY / 2) * text.length;

/** Return twice the number of characters that two texts share, divided by the number of all characters. */
function similarity(text, part) {
  const rest = [...part];
  for (const character of text) {
    const index = rest.indexOf(character);
    if (index >= 0) rest.splice(index, 1);
  }
  return (2 * (part.length - rest.length)) / (text.length + part.length);
}
