"""Headers compiled into one program, which computes what it is asked for on the images that it is given."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

STRICT = ("-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
SANITIZED = ("-O0", "-fsanitize=undefined,address", "-fno-sanitize-recover=all")
FAST = ("-O3",)

MODEL = """
{skip}#define {upper}_IMPLEMENTATION
#define {upper}_SELFTEST
#include "{prefix}.h"
static void {prefix}_answer(char asked, long count)
{{
    static uint8_t image[{upper}_HEIGHT * {upper}_WIDTH];
    {number} scores[{upper}_LOGITS];
    float logits[{upper}_LOGITS];
    if (asked == 't') {{
        putchar({prefix}_selftest());
    }}
    while (count-- > 0 && fread(image, 1, sizeof image, stdin) == sizeof image) {{
        if (asked == 'p') {{
            const int best = {prefix}_{predict}(image, logits);
            putchar(best);
            fwrite(logits, 4, {upper}_LOGITS, stdout);
        }} else if (asked == 's') {{
            {prefix}_run(image, scores);
            fwrite(scores, 4, {upper}_LOGITS, stdout);
        }} else if (asked == 'l') {{
            {prefix}_logits(image, logits);
            fwrite(logits, 4, {upper}_LOGITS, stdout);
        }}{more}
    }}
}}
"""
NORMALIZE = """ else if (asked == 'n') {{
            {prefix}_normalize(image, image);
            fwrite(image, 1, sizeof image, stdout);
        }}"""
MAIN = """
int main(int count, char **name)
{{
    for (int i = 1; i + 2 < count; i += 3) {{
        const char asked = name[i + 1][0];
        const long images = atol(name[i + 2]);
{calls}    }}
    return 0;
}}
"""


@dataclass(frozen=True)
class Compiled:
    """A program with the headers of several prefixes. It answers for all of them in one run: starting takes longest.

    `widths` are the numbers of logits.
    """

    program: Path
    widths: Mapping[str, int]

    def logits(self, asked):
        """Logits by prefix, for images by prefix."""
        return self._numbers("l", asked, np.float32)

    def scores(self, asked):
        """The sums of the last layer, int32 in integers."""
        return self._numbers("s", asked, np.int32)

    def normalized(self, prefix, cells):
        return np.frombuffer(self._output("n", {prefix: cells}), np.uint8).reshape(cells.shape)

    def predicted(self, prefix, images):
        """The best class (N,), and probabilities (N, O)."""
        rows = np.frombuffer(self._output("p", {prefix: images}), np.uint8).reshape(len(images), -1)
        return rows[:, 0], np.ascontiguousarray(rows[:, 1:]).view(np.float32)

    def selftests(self, *prefixes):
        return list(self._output("t", {prefix: np.zeros((0, 1), np.uint8) for prefix in prefixes}))

    def _numbers(self, what, asked, dtype):
        numbers = np.frombuffer(self._output(what, asked), dtype)
        ends = np.cumsum([len(images) * self.widths[prefix] for prefix, images in asked.items()])
        assert ends[-1] == len(numbers)
        parts = np.split(numbers, ends[:-1])
        return {prefix: each.reshape(-1, self.widths[prefix]) for prefix, each in zip(asked, parts, strict=True)}

    def _output(self, what, asked):
        given = b"".join(images.astype(np.uint8, casting="safe").tobytes() for images in asked.values())
        arguments = [each for prefix, images in asked.items() for each in (prefix, what, str(len(images)))]
        done = subprocess.run([self.program, *arguments], input=given, capture_output=True, timeout=300)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout


def compiled(folder: Path, headers: Mapping[str, str], flags=SANITIZED, *, normalizes=False) -> Compiled:
    """Headers by their prefixes, as one program, with their normalisers if wanted."""
    parts = ["#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"]
    for prefix, text in headers.items():
        (folder / f"{prefix}.h").write_text(text, encoding="ascii")
        number = "int32_t" if f"{prefix}_score_scales" in text else "float"
        predict = "predict_open_set" if f"{prefix}_predict_open_set" in text else "predict"
        skip = "" if normalizes else f"#define {prefix.upper()}_NO_NORMALIZE\n"
        names = {"prefix": prefix, "upper": prefix.upper(), "number": number, "predict": predict, "skip": skip}
        parts.append(MODEL.format(**names, more=NORMALIZE.format(**names) if normalizes else ""))
    calls = "".join(
        f'        if (!strcmp(name[i], "{each}")) {{ {each}_answer(asked, images); }}\n' for each in headers
    )
    (folder / "program.c").write_text("".join([*parts, MAIN.format(calls=calls)]), encoding="ascii")
    command = ["gcc", *STRICT, *flags, "program.c", "-o", "program", "-lm"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    widths = {each: int(re.search(f"#define {each.upper()}_LOGITS (\\d+)", text)[1]) for each, text in headers.items()}
    return Compiled(folder / "program", widths)
