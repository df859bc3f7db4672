"""The vendor's client in the measurements: the same work as the clients beside this file, by its public functions.

    vendor.py <what> <job as JSON>

The package is a black box: this file uses its names and signatures only.
"""

import json
import os
import resource
import sys
import time

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


work = {"list": read_list}[what]
sdk = SDK("key", job["baseUrl"])
cpu_before, before = cpu_millis(), time.perf_counter()
try:
    seen = work(sdk)
except BaseException as failure:
    # Without its trace, which would show the package's source.
    sys.exit(f"{type(failure).__name__}: {str(failure)[:500]}")
wall = (time.perf_counter() - before) * 1000
cpu = cpu_millis() - cpu_before
print(json.dumps({**seen, "wall": wall, "cpu": cpu, "rss": peak_megabytes()}), file=result)
