"""The page that tells what can be asked, made of the schema; it has no scripts and fetches nothing."""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader
from starlette.responses import HTMLResponse

_HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def page_of(schema: dict[str, Any]) -> HTMLResponse:
    """The page of an OpenAPI schema.

    HTML in which all texts are escaped, with a header that forbids scripts and fetching.
    """
    text = _environment().get_template("api.html").render(schema=schema, operations=operations_of(schema))
    return HTMLResponse(text, headers=_HEADERS)


def operations_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be asked, a row each: method, path, text, parameters, fields of a form and answers.

    Each has ``method`` (in capitals), ``path``, ``text``, ``parameters`` (``name where is_required type text``),
    ``form`` (``name text is_required``, empty where none is sent) and ``answers``: status, text, and name of the form
    or media type. They stand in the order of the schema.
    """
    return [
        {
            "method": method.upper(),
            "path": path,
            "text": operation.get("description", ""),
            "parameters": [_parameter(one) for one in operation.get("parameters", [])],
            "form": _form(operation, schema),
            "answers": [
                (status, answer["description"], _answer_name(answer))
                for status, answer in operation["responses"].items()
            ],
        }
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]


def forms_of(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Schemas of answers by their names: ``components.schemas`` of the OpenAPI schema; empty where it has none."""
    found: dict[str, dict[str, Any]] = schema.get("components", {}).get("schemas", {})
    return found


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "is_required": parameter.get("required", False),
        "type": type_of(parameter["schema"]),
        "text": parameter.get("description", ""),
    }


def _form(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if content is None:
        return []
    form = forms_of(schema)[_last(content["schema"]["$ref"])]
    return [
        {"name": name, "text": one.get("description", ""), "is_required": name in form.get("required", [])}
        for name, one in form["properties"].items()
    ]


def _answer_name(answer: dict[str, Any]) -> str:
    for media_type, content in answer.get("content", {}).items():
        reference = content.get("schema", {}).get("$ref")
        return _last(reference) if reference else media_type
    return ""


def type_of(schema: dict[str, Any]) -> str:
    """A schema in a few words: the name of a form, or types of JSON; "any value" where it says none.

    Examples
    --------
    >>> type_of({"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Day"}}, {"type": "null"}]})
    'list of Day or null'
    """
    if "$ref" in schema:
        return _last(schema["$ref"])
    if "anyOf" in schema:
        return " or ".join(type_of(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return str(schema.get("type", "any value"))


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("entropice.serve"), autoescape=True)
    environment.filters["type_of"] = type_of
    environment.globals["forms_of"] = forms_of
    return environment
