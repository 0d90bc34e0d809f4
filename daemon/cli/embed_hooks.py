#!/usr/bin/env python3
"""embed_hooks.py OUT SCRIPT...: writes a C++ file that holds the shell hooks as text."""
import os
import sys


def literal(text):
    return "\n".join('      R"cmdai(%s)cmdai"' % line for line in text.splitlines(True))


def key(path):
    """cmdai.bash is `bash`, cmdai-env.bash is `env-bash`."""
    name, shell = os.path.splitext(os.path.basename(path))
    return '-'.join([*name.split('-')[1:], shell[1:]])


def main(out, scripts):
    body = ['// Made by embed_hooks.py from shell-hooks/.', '#include "daemon/cli/hook_scripts.hpp"', "", "namespace cmdai::cli {", "",
            "std::string_view hook_template(std::string_view shell) {"]
    for path in scripts:
        with open(path, encoding="utf-8") as file:
            shell = key(path)
            body.append('  if (shell == "%s")\n    return\n%s;' % (shell, literal(file.read())))
    body += ["  return {};", "}", "", "}  // namespace cmdai::cli", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(body))


main(sys.argv[1], sys.argv[2:])
