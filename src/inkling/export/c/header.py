"""A header: one file with all that a C program needs to run a network, put together from fragments.

It is written as the stb libraries are: whoever includes it gets declarations, and the one file that defines
INKLING_IMPLEMENTATION before gets the definitions, so that weights and buffer are in the program once. With `static
inline` functions each file that includes the header would have its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from inkling.classes import NOT_A_DIGIT
from inkling.export.c.about import about, described
from inkling.export.c.code import Code, has_normalizer
from inkling.export.c.text import array, fragment, string, with_prefix
from inkling.inference import Predictor
from inkling.model import Model
from inkling.nn.layer import Array

TEST_VECTORS = 10


def header_text(model: Model, code: Code, images: Array, name: str, prefix: str) -> str:
    """The text of a header.

    Parameters
    ----------
    images : uint8 (N, H, W), what `inkling_selftest` runs on.
    name : of the model, in the comment at its top.
    prefix : of all names in C.
    """
    normalizes = has_normalizer(model)
    blocks = [
        _declarations(model, len(images), normalizes),
        "#ifdef INKLING_IMPLEMENTATION\n#undef INKLING_IMPLEMENTATION\n\n#include <math.h>\n",
        _names(model),
        code.text(normalizes=normalizes),
        fragment("api/predict"),
        *([fragment("api/predict_open_set")] if model.knows_non_digits else []),
        *([_normalizer()] if normalizes else []),
        _selftest(model, code, images),
        "#endif\n",
    ]
    return "\n".join(
        [about(model, code, name, prefix), with_prefix("\n".join(blocks), prefix), described(model, code, prefix)]
    )


def _declarations(model: Model, vectors: int, normalizes: bool) -> str:
    height, width, _ = model.network.input_shape
    text = fragment("api/declarations")
    text += fragment("api/open_set_declaration") if model.knows_non_digits else ""
    text += fragment("api/normalize_declaration") if normalizes else ""
    text += fragment("api/selftest_declaration")
    logits = model.network.shapes[-1][0]
    values = {
        "HEIGHT": height,
        "WIDTH": width,
        "CLASSES": model.n_classes,
        "LOGITS": logits,
        "NAMES_TOO": f', and "{NOT_A_DIGIT}"' if model.knows_non_digits else "",
        "SELFTEST_BYTES": vectors * (height * width + 4 * logits),
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return f"#ifndef INKLING_H\n#define INKLING_H\n\n{fragment('api/begin')}\n{text}\n{fragment('api/end')}\n#endif\n"


def _normalizer() -> str:
    parts = (fragment(f"api/{name}") for name in ("normalize_ink", "normalize_grid", "normalize_pen", "normalize"))
    return "#ifndef INKLING_NO_NORMALIZE\n" + "\n".join(parts) + "#endif\n"


def _names(model: Model) -> str:
    names: Iterable[str] = [*model.class_names, *([NOT_A_DIGIT] if model.knows_non_digits else [])]
    return f"const char *const inkling_class_names[INKLING_LOGITS] = {{{', '.join(map(string, names))}}};\n"


def _selftest(model: Model, code: Code, images: Array) -> str:
    logits = Predictor(model.network, model.params, model.temperature).logits(images)
    return (
        f"#ifdef INKLING_SELFTEST\n#define INKLING_TEST_VECTORS {len(images)}\n"
        f"{array('inkling_test_images', images.reshape(len(images), -1))}\n"
        f"{array(*code.expected(images, logits))}\n{fragment(f'{code.folder}/selftest')}#endif\n"
    )
