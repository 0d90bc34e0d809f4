#!/usr/bin/env python3
"""build_id.py OUT LIBRARY...: a C++ file that holds a hash over what these static libraries are made of."""
import hashlib
import subprocess
import sys


def read(path):
    with open(path, "rb") as file: return file.read()


def objects(library):
    """Its object files where it only names them (a thin archive), else the library itself."""
    if not read(library).startswith(b"!<thin>\n"): return [library]
    listed = subprocess.run(["ar", "t", library], check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


def main(out, libraries):
    digest = hashlib.sha256()
    for path in sorted(path for library in libraries for path in objects(library)):
        digest.update(hashlib.sha256(read(path)).digest())
    with open(out, "w", encoding="utf-8") as file:
        file.write('// Made by build_id.py.\n#include "daemon/host/build_id.hpp"\n\nnamespace cmdai::host {\n\n'
                   'std::string_view build_id() { return "%s"; }\n\n}  // namespace cmdai::host\n' % digest.hexdigest()[:12])


main(sys.argv[1], sys.argv[2:])
