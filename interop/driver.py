"""Calls the public functions of `SDK` (package imerit-ango) for a program in another language.

One JSON object per line on stdin, one on stdout for each:

    {"id": 1, "connect": {"key": "...", "host": "http://127.0.0.1:4010"}}
    {"id": 2, "functions": true}
    {"id": 3, "function": "get_task", "args": ["65aa..."], "kwargs": {"include_answer": true}}

    {"id": 3, "result": ...}
    {"id": 3, "error": {"type": "Exception", "message": "..."}}

Values that JSON does not have are objects with one of these keys:

    {"$class": "TaskFilter", "args": [...], "kwargs": {...}}    an object of one of the package's classes
    {"$class": ..., "$name": "box"}, then {"$same": "box"}      the same object again
    {"$enum": "ReviewStatus", "name": "ACCEPTED"}
    {"$datetime": "2025-01-02T03:04:05.678000"}                 without a zone, as the package expects it
    {"$array": [[0, 1]], "dtype": "uint8"}

The package is a black box: this file uses its names and signatures only.
"""

import enum
import importlib
import inspect
import json
import os
import pkgutil
import sys
import warnings
from datetime import datetime

# What the package prints must not get between the lines of the protocol.
lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
warnings.simplefilter("ignore")

import imerit_ango.models as models  # noqa: E402
from imerit_ango.sdk import SDK  # noqa: E402

# Tools of the package itself, not functions of the hub.
NOT_COUNTED = {"make_request", "setup_logger"}


def classes():
    found = {}
    for module in pkgutil.iter_modules(models.__path__):
        members = inspect.getmembers(importlib.import_module(f"{models.__name__}.{module.name}"), inspect.isclass)
        found.update({name: value for name, value in members if value.__module__.startswith(models.__name__)})
    return found


CLASSES = classes()
names = {}


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$class" in value:
        made = CLASSES[value["$class"]](*decode(value.get("args", [])), **decode(value.get("kwargs", {})))
        if "$name" in value:
            names[value["$name"]] = made
        return made
    if "$same" in value:
        return names[value["$same"]]
    if "$enum" in value:
        return CLASSES[value["$enum"]][value["name"]]
    if "$datetime" in value:
        return datetime.fromisoformat(value["$datetime"])
    if "$array" in value:
        import numpy

        return numpy.array(value["$array"], dtype=value["dtype"])
    return {key: decode(item) for key, item in value.items()}


def encode(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    # An export as NDJSON is an iterator, in some versions one of a tuple.
    if hasattr(value, "__iter__"):
        return [encode(item) for item in value]
    return repr(value)


def functions():
    return {
        name: list(inspect.signature(function).parameters)[1:]
        for name, function in inspect.getmembers(SDK, inspect.isfunction)
        if not name.startswith("_") and name not in NOT_COUNTED
    }


sdk = None


def answer(request):
    global sdk
    if "connect" in request:
        sdk = SDK(request["connect"]["key"], request["connect"]["host"])
        return None
    if "functions" in request:
        return functions()
    if request["function"] not in functions():
        raise LookupError(f"there is no function {request['function']}")
    return getattr(sdk, request["function"])(*decode(request.get("args", [])), **decode(request.get("kwargs", {})))


for line in sys.stdin:
    request = json.loads(line)
    try:
        response = {"id": request["id"], "result": encode(answer(request))}
    except BaseException as failure:  # The package raises strings, which Python turns into a TypeError.
        response = {"id": request["id"], "error": {"type": type(failure).__name__, "message": str(failure)}}
    print(json.dumps(response), file=lines, flush=True)
