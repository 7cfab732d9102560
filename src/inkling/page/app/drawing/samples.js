/** Example drawings: three of each digit, drawn for this page, as strokes in units of the drawing. */

import { curve, joined, lines } from "./curves.js";
import { SIDE } from "../types.js";

/** @typedef {import("./curves.js").Point} Point */

const BOWL_OF_5 = curve([102, 126], [142, 110], [180, 132], [192, 178], [164, 224], [116, 236], [80, 216]);

/** @type {{digit: number, strokes: Point[][]}[]} Two forms of each digit; SAMPLES makes three drawings of them. */
const FORMS = [
  {
    digit: 0,
    strokes: [
      curve([150, 45], [98, 74], [80, 145], [100, 212], [146, 236], [188, 206], [204, 140], [188, 72], [150, 45]),
    ],
  },
  {
    digit: 0,
    strokes: [
      curve([158, 48], [122, 62], [100, 120], [100, 190], [128, 234], [162, 220], [182, 150], [180, 82], [146, 46]),
    ],
  },
  { digit: 1, strokes: [lines([164, 42], [128, 238])] },
  { digit: 1, strokes: [lines([108, 84], [148, 44], [148, 236]), lines([104, 238], [196, 236])] },
  {
    digit: 2,
    strokes: [
      joined(curve([88, 98], [106, 58], [148, 44], [184, 68], [182, 112], [142, 172], [84, 232]), lines([206, 230])),
    ],
  },
  {
    digit: 2,
    strokes: [
      curve(
        [86, 92], [112, 52], [158, 46], [190, 82], [172, 142], [122, 202], [90, 228], [74, 212], [98, 198],
        [150, 222], [208, 232],
      ),
    ],
  },
  {
    digit: 3,
    strokes: [
      joined(
        curve([88, 74], [122, 46], [164, 50], [180, 86], [156, 122], [122, 134]),
        curve([122, 134], [168, 140], [190, 178], [172, 222], [128, 238], [82, 214]),
      ),
    ],
  },
  {
    digit: 3,
    strokes: [
      joined(
        lines([88, 50], [186, 50], [130, 120]),
        curve([130, 120], [178, 132], [196, 178], [168, 224], [120, 236], [78, 214]),
      ),
    ],
  },
  {
    digit: 4,
    strokes: [joined(curve([98, 54], [88, 104], [78, 148]), lines([204, 150])), lines([180, 52], [168, 242])],
  },
  { digit: 4, strokes: [lines([164, 44], [72, 170], [210, 168]), lines([164, 44], [158, 242])] },
  { digit: 5, strokes: [joined(lines([112, 52]), BOWL_OF_5), lines([112, 52], [194, 48])] },
  { digit: 5, strokes: [joined(lines([192, 50], [108, 52]), BOWL_OF_5)] },
  {
    digit: 6,
    strokes: [
      curve(
        [172, 46], [124, 88], [94, 148], [92, 206], [130, 238], [176, 224], [188, 184], [162, 154], [122, 162],
        [96, 194],
      ),
    ],
  },
  {
    digit: 6,
    strokes: [
      curve(
        [138, 42], [108, 104], [98, 172], [112, 224], [150, 238], [182, 212], [178, 172], [144, 158], [112, 178],
        [102, 200],
      ),
    ],
  },
  { digit: 7, strokes: [lines([80, 56], [202, 54], [130, 242])] },
  {
    digit: 7,
    strokes: [
      joined(lines([82, 58], [200, 52]), curve([200, 52], [164, 122], [144, 182], [136, 242])),
      lines([106, 152], [196, 144]),
    ],
  },
  {
    digit: 8,
    strokes: [
      curve(
        [182, 74], [144, 44], [104, 64], [110, 106], [150, 140], [186, 180], [174, 226], [134, 240], [94, 220],
        [96, 180], [136, 142], [176, 106], [182, 74],
      ),
    ],
  },
  {
    digit: 8,
    strokes: [
      curve(
        [142, 132], [104, 110], [108, 62], [144, 44], [180, 64], [180, 110], [142, 132], [92, 166], [96, 224],
        [142, 240], [188, 220], [186, 164], [142, 132],
      ),
    ],
  },
  {
    digit: 9,
    strokes: [
      joined(
        curve([186, 84], [150, 48], [106, 64], [96, 110], [124, 140], [164, 128], [186, 84]),
        curve([186, 84], [182, 160], [170, 242]),
      ),
    ],
  },
  {
    digit: 9,
    strokes: [
      joined(
        curve([182, 74], [144, 46], [104, 72], [104, 120], [144, 138], [178, 110], [182, 74]),
        curve([182, 74], [188, 150], [166, 220], [124, 240], [92, 222]),
      ),
    ],
  },
];

/**
 * @param {Point[][]} strokes
 * @param {number} slant units to the right per unit upwards
 */
function written(strokes, slant) {
  const middle = SIDE / 2;
  return strokes.map((points) => points.flatMap(([x, y]) => [Math.round(x + slant * (middle - y)), Math.round(y)]));
}

/** @type {{digit: number, strokes: number[][]}[]} */
export const SAMPLES = Array.from({ length: 10 }, (_, digit) => {
  const [first, second] = FORMS.filter((form) => form.digit === digit);
  return [
    { digit, strokes: written(first.strokes, 0) },
    { digit, strokes: written(second.strokes, 0.08) },
    { digit, strokes: written(first.strokes, 0.22) },
  ];
}).flat();
