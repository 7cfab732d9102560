"""Models as ONNX files in ONNX Runtime and in ONNX's own reference, for tests."""

from onnx.reference import ReferenceEvaluator

from export.models import distance, random_images
from inkling.export.onnx.file import onnx_model
from inkling.export.onnx.session import model_of_bytes


def in_runtime(proto):
    return model_of_bytes(proto.SerializeToString(), "a file of the tests", threads=1)


def worst(model, *, reference=False):
    """The largest distance of the outputs of a model's file from its own answers."""
    proto, images = onnx_model(model, "drawn"), random_images(model)
    expected = {"logits": model.logits(images), "probabilities": model.predict_proba(images)}
    if model.knows_non_digits:
        expected["not_a_digit"] = model.not_a_digit(images)
    if reference:
        runtime = ReferenceEvaluator(proto)
        found = dict(zip(expected, runtime.run(list(expected), {"images": images}), strict=True))
    else:
        runtime = in_runtime(proto)
        answers = (runtime.logits, runtime.predict_proba, runtime.not_a_digit)
        found = {name: answer(images) for name, answer in zip(expected, answers, strict=False)}
    return max(distance(each, found[name]) for name, each in expected.items())
