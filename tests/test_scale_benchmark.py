"""The benchmark of one training on a cluster: what it fits and what it concludes are those of a known machine."""

import pytest

from needs import needs_benchmarks

pytestmark = needs_benchmarks("from which batch on a cluster pays is concluded rightly")

LATENCY, SLOPE = 2.0, 1 / 400  # milliseconds, and milliseconds per kilobyte
FIXED, PER_IMAGE, KILOBYTES = 3.0, 0.02, 500.0  # of a step, per image, per step of two workers


def on_one(batch):
    return FIXED + PER_IMAGE * batch


def on_cluster(batch, workers, latency=LATENCY, slope=SLOPE):
    return FIXED + PER_IMAGE * batch / workers + latency + workers * KILOBYTES / 2 * slope


def rows():
    return [
        {
            "network": "known",
            "batch": batch,
            "kilobytes_per_step": kilobytes,
            "one_process_milliseconds": {"median": on_one(batch)},
            "cluster_milliseconds": {"median": 50.0},
            "overhead_milliseconds": {"median": LATENCY + kilobytes * SLOPE},
        }
        for batch, kilobytes in ((64, 300.0), (512, KILOBYTES), (2048, 4000.0))
    ]


def test_latency_and_bandwidth_are_found():
    from benchmarks.scale.training import _fitted

    found = _fitted(rows())
    assert found["latency_milliseconds"] == pytest.approx(LATENCY)
    assert found["megabytes_per_second"] == pytest.approx(400)
    assert found["median_error_of_a_step"] == pytest.approx(0, abs=1e-9)


def test_a_step_takes_as_long_on_the_cluster_as_on_one_core_where_it_begins_to_pay():
    from benchmarks.scale.training import _begins_to_pay, _fitted

    found = _begins_to_pay(rows(), _fitted(rows()))["batch_by_link_and_workers"]
    for workers, batch in found["this machine"].items():
        assert on_cluster(batch, int(workers)) == pytest.approx(on_one(batch), rel=1e-2)
    for workers, batch in found["1 Gb/s, 0.5 ms"].items():
        slower = {"latency": LATENCY + 0.5, "slope": SLOPE + 8e-3}
        assert on_cluster(batch, int(workers), **slower) == pytest.approx(on_one(batch), rel=1e-2)
