"""The page of what can be asked, and the schema behind it."""

import re

import requests
from served_runs import Server

from entropice.serve.page import operations_of


def test_the_page_tells_every_operation_and_fetches_nothing(server: Server) -> None:
    schema = requests.get(server.url("openapi.json"), timeout=30).json()
    response = requests.get(server.address, timeout=30)

    assert response.url.endswith("/docs")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert re.findall(r"<(?:script|link|img|iframe)|https?://|url\(", response.text) == []
    for operation in operations_of(schema):
        assert f"<code>{operation['method']} {operation['path']}</code>" in response.text
    assert "multipart" not in schema["paths"]["/api/v1/runs"]["get"]
    assert len(operations_of(schema)) == 10


def test_the_schema_tells_refusals_of_every_operation(server: Server) -> None:
    schema = requests.get(server.url("openapi.json"), timeout=30).json()

    assert schema["openapi"].startswith("3.")
    assert "HTTPValidationError" not in schema["components"]["schemas"]
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status in ("404", "422", "503"):
                content = operation["responses"][status]["content"]["application/json"]
                assert content["schema"]["$ref"].endswith("/Refused")
