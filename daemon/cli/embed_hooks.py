#!/usr/bin/env python3
"""embed_hooks.py OUT SCRIPT...: writes a C++ file that holds the shell hooks as text."""
import os
import sys


def literal(text):
    return "\n".join('      R"cmdai(%s)cmdai"' % line for line in text.splitlines(True))


def main(out, scripts):
    body = ['// Made by embed_hooks.py from shell-hooks/.', '#include "daemon/cli/hook_scripts.hpp"', "", "namespace cmdai::cli {", "",
            "std::string_view hook_template(std::string_view shell) {"]
    for path in scripts:
        with open(path, encoding="utf-8") as file:
            shell = os.path.splitext(path)[1][1:]
            body.append('  if (shell == "%s")\n    return\n%s;' % (shell, literal(file.read())))
    body += ["  return {};", "}", "", "}  // namespace cmdai::cli", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(body))


main(sys.argv[1], sys.argv[2:])
