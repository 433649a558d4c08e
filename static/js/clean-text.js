// Cleans text as the server does in accounts/text.py, so that both count the same characters.

const LONE_SURROGATE = /[\ud800-\udfff]/gu;
const LINE_ENDS = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
const UNWANTED = /[\0-\t\v-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;
const BLANK =
  "\\s\\u{ad}\\u{34f}\\u{61c}\\u{115f}\\u{1160}\\u{17b4}\\u{17b5}\\u{180b}-\\u{180f}\\u{200b}-\\u{200f}\\u{202a}-\\u{202e}" +
  "\\u{2060}-\\u{206f}\\u{2800}\\u{3164}\\u{fe00}-\\u{fe0f}\\u{feff}\\u{ffa0}\\u{fff0}-\\u{fffc}\\u{13441}\\u{13442}" +
  "\\u{16fe4}\\u{1bca0}-\\u{1bca3}\\u{1d159}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";
const INVISIBLE = new RegExp(`^[${BLANK}]*$`, "u");
const MANY_BLANK_LINES = new RegExp(`\n(?:(?:(?!\n)[${BLANK}])*\n){2,}`, "gu");

/** Return `text` as the server saves it, or "" if it has no visible character. */
export function cleanText(text) {
  const valid = text.replace(LONE_SURROGATE, "\ufffd");
  const lines = valid.replace(LINE_ENDS, "\n").replaceAll("\t", " ").replace(UNWANTED, "");
  const composed = limitMarks(limitMarks(lines, 16).normalize("NFC"), 4);
  const cleaned = composed.trim().replace(MANY_BLANK_LINES, "\n\n");
  return INVISIBLE.test(cleaned) ? "" : cleaned;
}

/** Return `text` with at most `limit` combining marks on each letter. */
function limitMarks(text, limit) {
  return text.replace(new RegExp(`([\\p{Mn}\\p{Me}]{${limit}})[\\p{Mn}\\p{Me}]+`, "gu"), "$1");
}
