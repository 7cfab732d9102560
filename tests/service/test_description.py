"""Schemathesis: requests made from the OpenAPI description, valid and not, are answered as it says, never with 500."""

from __future__ import annotations

import pytest

from needs import needs_schemathesis

EXAMPLES = 25  # per address and method

pytestmark = needs_schemathesis("requests made from the OpenAPI description are answered as it says")
ADDRESSES = (
    *(("GET", path) for path in ("/about", "/model", "/metrics", "/v2", "/v2/health/live", "/v2/health/ready")),
    *(("GET", f"/v2/models/{{name}}{more}") for more in ("", "/ready")),
    *(("POST", path) for path in ("/read", "/read/batch", "/explain", "/v2/models/{name}/infer")),
)


@pytest.fixture(scope="module")
def description(served):
    import schemathesis

    return schemathesis.openapi.from_url(f"{served.url}/openapi.json")


def test_the_list_of_addresses_is_that_of_the_description(client):
    """Those of trainings have tests of their own, which do not start them by the dozen."""
    paths = client.get("/openapi.json").json()["paths"]
    paths = {path: methods for path, methods in paths.items() if not path.startswith("/training")}
    assert sorted(ADDRESSES) == sorted((method.upper(), path) for path in paths for method in paths[path])


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_requests_are_answered_as_described(served, description, method, path):
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
    operation = description[path][method]

    takes_something = method == "POST"  # Where nothing is taken, no request is wrong.
    for mode in [GenerationMode.POSITIVE, *[GenerationMode.NEGATIVE] * takes_something]:

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def answered(case):
            if "name" in case.path_parameters and len(case.path_parameters["name"]) % 2:
                case.path_parameters["name"] = "reader"
            response = case.call(base_url=served.url)
            case.validate_response(response, checks=checks)

        answered()
