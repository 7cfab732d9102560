"""The figures by the names that pages give them."""

from collections.abc import Callable

from tools.figures import estimators, exports, micro, reading, records, service, speed

BLOCKS: dict[str, Callable[[], str]] = {
    "sprint": speed.sprint,
    "speed-summary": speed.summary,
    "training-table": speed.training_table,
    "training-summary": speed.training_summary,
    "inference-table": speed.inference_table,
    "process-table": speed.process_table,
    "reading-speed-table": speed.reading_speed_table,
    "im2col-times": speed.im2col_times,
    "accuracy-table": records.accuracy_table,
    "records-table": records.records_table,
    "micro-table": micro.micro_table,
    "shared-errors": records.shared_errors,
    "robustness-table": records.robustness_table,
    "robustness-summary": records.robustness_summary,
    "exports-table": exports.exports_table,
    "int8-speed": exports.int8_speed,
    "label-errors": records.label_errors,
    "reading-table": reading.reading_table,
    "reading-summary": reading.reading_summary,
    "adapting-table": reading.adapting_table,
    "adapting-counts": reading.adapting_counts,
    "estimators-table": estimators.estimators_table,
    "service-table": service.service_table,
    "service-memory": service.service_memory,
    "page-table": service.page_table,
}
