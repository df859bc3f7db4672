#!/usr/bin/env bash
# Makes a Python environment for each version of the vendor's client, in out/interop or the given folder.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-out/interop}

# Some pinned packages have no wheels for newer versions of Python.
find_python() {
  local candidate
  for candidate in python3.12 python3.11 python3.13 "${RUNNER_TOOL_CACHE:-/nowhere}"/Python/3.1[123].*/x64/bin/python3 python3; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "Python 3.11, 3.12 or 3.13 with venv is missing." >&2
  exit 1
}

python=$(find_python)
for version in 1.4.10 1.3.50; do
  # Made anew when its pins have changed.
  mark="$folder/$version/$(sha256sum "interop/requirements-$version.txt" | cut -c1-16)"
  if [ -e "$mark" ]; then continue; fi
  rm -rf "${folder:?}/$version"
  "$python" -m venv "$folder/$version"
  pip=("$folder/$version/bin/python" -m pip --disable-pip-version-check --quiet install --require-hashes)
  # The older version needs a package that exists as source only: built with pinned tools, it downloads nothing else. The
  # requirements themselves allow no other source.
  "${pip[@]}" -r interop/requirements-build.txt
  "${pip[@]}" --no-build-isolation -r "interop/requirements-$version.txt"
  touch "$mark"
done
