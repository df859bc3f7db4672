"""The vendor's client in the measurements: the same work as the clients beside this file, by its public functions.

    vendor.py <what> <job as JSON>

The package is a black box: this file uses its names and signatures only.
"""

import json
import os
import resource
import sys
import time
import zlib

from imerit_ango.models.enums import ExportFormats
from imerit_ango.models.export_options import ExportOptions
from imerit_ango.sdk import SDK

# What the package prints must not get into the result.
result = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

what, job = sys.argv[1], json.loads(sys.argv[2])


def number_of(identifier):
    return int(identifier[-8:], 16)


def cpu_millis():
    return time.process_time() * 1000


def peak_megabytes():
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_list(sdk):
    size, warm_from = job["pageSize"], job.get("warmFrom")
    rows = total = page = checksum = 0
    start = None
    while page == 0 or page * size < total:
        page += 1
        data = sdk.get_tasks(job["project"], page=page, limit=size, sort="createdAt")["data"]
        total = data["total"]
        tasks = data["tasks"]
        rows += len(tasks)
        checksum += sum(number_of(task["_id"]) for task in tasks)
        if page == warm_from:
            start = cpu_millis()
    warm = {} if start is None or page == warm_from else {"warm": (cpu_millis() - start) / (page - warm_from)}
    return {"rows": rows, "sum": checksum, **warm}


def read_export(sdk):
    options = ExportOptions(export_format=ExportFormats.NDJSON, include_history=False)
    before, first = time.perf_counter(), None
    rows = checksum = 0
    found = sdk.export(job["project"], options)
    for row in found[0]:
        if first is None:
            first = (time.perf_counter() - before) * 1000
        rows += 1
        checksum += number_of(row["task"]["taskId"])
    return {"rows": rows, "sum": checksum, "first": first}


def save_export(sdk):
    sdk.export(job["project"], ExportOptions(export_format=ExportFormats.NDJSON), zip_file_path=job["path"])
    return {}


def upload(sdk):
    folder = job["folder"]
    files = [{"data": os.path.join(folder, name), "externalId": name} for name in os.listdir(folder)]
    sdk.upload_files(job["project"], files)
    return {"rows": len(files)}


def labels_of(count):
    return [
        {
            "externalId": f"{index}.jpg",
            "objects": [
                {
                    "schemaId": "tool-vehicle",
                    "title": "Vehicle",
                    "objectId": f"object-{index}",
                    "bounding-box": {"x": index % 100, "y": 20, "width": 30, "height": 40},
                    "classifications": [],
                }
            ],
            "classifications": [{"schemaId": "class-weather", "title": "Weather", "answer": "Rain"}],
        }
        for index in range(count)
    ]


def import_labels(sdk):
    sdk.import_labels(job["project"], labels)
    return {"rows": len(labels)}


def seen_of_file(path):
    with open(path, "rb") as file:
        content = file.read()
    os.remove(path)
    return {"rows": len(content), "sum": zlib.crc32(content)}


if what == "start":
    print(json.dumps({"cpu": cpu_millis(), "rss": peak_megabytes()}), file=result)
    sys.exit()

labels = labels_of(job.get("labels", 0))
work = {
    "list": read_list,
    "export": read_export,
    "save": save_export,
    "upload": upload,
    "labels": import_labels,
}[what]
sdk = SDK("key", job["baseUrl"])
cpu_before, before = cpu_millis(), time.perf_counter()
try:
    seen = work(sdk)
except BaseException as failure:
    # Without its trace, which would show the package's source.
    sys.exit(f"{type(failure).__name__}: {str(failure)[:500]}")
wall = (time.perf_counter() - before) * 1000
cpu = cpu_millis() - cpu_before
taken = {**seen, "wall": wall, "cpu": cpu, "rss": peak_megabytes()}
print(json.dumps({**taken, **(seen_of_file(job["path"]) if "path" in job else {})}), file=result)
