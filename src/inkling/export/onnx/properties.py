"""Names: what an ONNX file's graph takes and gives."""

QUANTIZATION = "quantization"  # an entry of the metadata
IMAGES, LOGITS, PROBABILITIES, NOT_A_DIGIT = "images", "logits", "probabilities", "not_a_digit"
