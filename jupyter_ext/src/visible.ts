/**
 * Show what a name really consists of: hidden and direction-changing characters and lookalike letters as code points.
 * The kernel does the same for terminals from the same table (escher/widgets/visible.py).
 */
import table from "../../escher/widgets/characters.json";

/** A piece of a text: as it is, or a character that could deceive the eye. */
export type Piece = { text: string; escaped: boolean };

const SUSPECT = /[^\t\n\x20-\x7e]/;
const HIDDEN = new RegExp(`[${table.hidden}]`, "u");
const WORD = /[\p{L}\p{M}]+/gu;
const SCRIPTS = [
  { letter: /\p{Script=Cyrillic}/u, lookalikes: table.lookalikes.Cyrillic },
  { letter: /\p{Script=Greek}/u, lookalikes: table.lookalikes.Greek },
];

/** The text in pieces; those that are escaped read `U+202E`. Line ends and tabs stay. */
export function pieces(text: string): Piece[] {
  if (!SUSPECT.test(text)) return [{ text, escaped: false }];
  const deceptive = new Set([...text.matchAll(WORD)].flatMap((word) => deceptiveAt(word[0], word.index)));
  const found: Piece[] = [];
  let at = 0;
  for (const character of text) {
    add(found, character, deceptive.has(at) || HIDDEN.test(character));
    at += character.length;
  }
  return found;
}

function add(found: Piece[], character: string, escaped: boolean): void {
  const last = found.at(-1);
  if (escaped) {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    found.push({ text: `U+${code}`, escaped });
  } else if (last && !last.escaped) {
    last.text += character;
  } else {
    found.push({ text: character, escaped });
  }
}

/** Where in the text the letters of this word deceive: mixed with Latin ones, or nothing but lookalikes. */
function deceptiveAt(word: string, start: number): number[] {
  const scripts = SCRIPTS.filter(({ letter, lookalikes }) => {
    const letters = [...word].filter((one) => letter.test(one));
    return letters.length > 0 && (/\p{Script=Latin}/u.test(word) || letters.every((one) => lookalikes.includes(one)));
  });
  const places: number[] = [];
  let at = start;
  for (const one of word) {
    if (scripts.some(({ letter }) => letter.test(one)) || isVariant(one)) places.push(at);
    at += one.length;
  }
  return places;
}

/** Whether a letter is another form of an ASCII one: full width, mathematical and the like. */
function isVariant(letter: string): boolean {
  return letter > "\x7f" && /^[\x00-\x7f]+$/.test(letter.normalize("NFKC"));
}
