#!/usr/bin/env python3
"""build_id.py OUT OBJECT...: a C++ file that holds a hash over these object files."""
import hashlib
import sys


def main(out, objects):
    digest = hashlib.sha256()
    for path in sorted(objects):
        with open(path, "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    with open(out, "w", encoding="utf-8") as file:
        file.write('// Made by build_id.py.\n#include "daemon/host/build_id.hpp"\n\nnamespace cmdai::host {\n\n'
                   'std::string_view build_id() { return "%s"; }\n\n}  // namespace cmdai::host\n' % digest.hexdigest()[:12])


main(sys.argv[1], sys.argv[2:])
