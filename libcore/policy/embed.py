#!/usr/bin/env python3
"""embed.py OUT SETTINGS PACK... --templates TEMPLATE... --schemas SCHEMA...: a C++ file that holds all of these as text."""
import os
import sys


def literal(text):
    # Compilers need not take literals beyond 64 KiB: short pieces, joined by the compiler.
    lines = text.split("\n")
    return "\n".join('    R"cmdai(%s)cmdai"' % (line + ("\n" if i + 1 < len(lines) else "")) for i, line in enumerate(lines))


def files(name, folder, paths):
    body = ["const SourceFile %s[] = {" % name]
    for path in paths:
        with open(path, encoding="utf-8") as file:
            body.append('  {"%s/%s",\n%s},' % (folder, os.path.basename(path), literal(file.read())))
    return body + ["};", ""]


def main(out, settings, packs, templates, schemas):
    with open(settings, encoding="utf-8") as file:
        documented = file.read()
    body = ['// Made by embed.py from config/.', '#include "libcore/policy/builtin_packs.hpp"', "",
            "namespace cmdai::policy {", "namespace {", ""]
    body += files("kPacks", "rules", packs) + files("kTemplates", "templates", templates)
    body += files("kSchemas", "schema", schemas)
    body += ["constexpr std::string_view kSettings =", literal(documented) + ";", "", "}  // namespace", "",
             "std::span<const SourceFile> builtin_packs() { return kPacks; }",
             "std::span<const SourceFile> policy_templates() { return kTemplates; }",
             "std::span<const SourceFile> policy_schemas() { return kSchemas; }",
             "std::string_view documented_settings() { return kSettings; }", "", "}  // namespace cmdai::policy", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(body))


templates, schemas = sys.argv.index("--templates"), sys.argv.index("--schemas")
main(sys.argv[1], sys.argv[2], sys.argv[3:templates], sys.argv[templates + 1:schemas], sys.argv[schemas + 1:])
