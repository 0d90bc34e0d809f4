#!/usr/bin/env python3
"""embed_manual.py OUT TEXT...: a C++ file that holds the texts of config/manual/."""
import os
import sys


def literal(text):
    # Compilers need not take literals beyond 64 KiB: short pieces, joined by the compiler.
    return "\n".join('    R"cmdai(%s\n)cmdai"' % line for line in text.rstrip("\n").split("\n"))


def main(out, paths):
    body = ["// Made by embed_manual.py from config/manual/.", '#include "libcore/explain/manual.hpp"', "",
            "namespace cmdai::explain {", "namespace {", "constexpr ManualText kTexts[] = {"]
    for path in paths:
        with open(path, encoding="utf-8") as file:
            body.append('  {"%s",\n%s},' % (os.path.basename(path), literal(file.read())))
    body += ["};", "}  // namespace", "", "std::span<const ManualText> manual_texts() { return kTexts; }", "",
             "}  // namespace cmdai::explain", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(body))


main(sys.argv[1], sys.argv[2:])
