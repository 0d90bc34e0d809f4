#!/usr/bin/env python3
"""embed.py OUT SETTINGS PACK...: writes a C++ file that holds the documented settings and the rule packs as text."""
import os
import sys


def literal(text):
    # Compilers need not take literals beyond 64 KiB: short pieces, joined by the compiler.
    lines = text.split("\n")
    return "\n".join('    R"cmdai(%s)cmdai"' % (line + ("\n" if i + 1 < len(lines) else "")) for i, line in enumerate(lines))


def main(out, settings, packs):
    with open(settings, encoding="utf-8") as file:
        documented = file.read()
    body = ['// Made by embed.py from config/.', '#include "libcore/policy/builtin_packs.hpp"', "",
            "namespace cmdai::policy {", "namespace {", ""]
    body.append("const SourceFile kPacks[] = {")
    for path in packs:
        with open(path, encoding="utf-8") as file:
            body.append('  {"rules/%s",\n%s},' % (os.path.basename(path), literal(file.read())))
    body += ["};", "", "constexpr std::string_view kSettings =", literal(documented) + ";", "", "}  // namespace", "",
             "std::span<const SourceFile> builtin_packs() { return kPacks; }",
             "std::string_view documented_settings() { return kSettings; }", "", "}  // namespace cmdai::policy", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(body))


main(sys.argv[1], sys.argv[2], sys.argv[3:])
