#!/usr/bin/env python3
"""embed_packages.py OUT LIST...: writes the package names of config/packages as sorted arrays, ready when the program starts."""
import os
import sys


def read(path):
    lists = {"top": [], "near": []}
    part = "top"
    with open(path, encoding="utf-8") as file:
        for line in file:
            name = line.strip()
            if name == "[near]":
                part = "near"
            elif name and not name.startswith("#"):
                lists[part].append(name)
    return lists


def main(out, paths):
    body = ["// Made by embed_packages.py from config/packages/.", '#include "libcore/commands/package_names.hpp"', "",
            "namespace cmdai::commands {", "namespace {"]
    for path in paths:
        registry = os.path.splitext(os.path.basename(path))[0]
        for part, names in read(path).items():
            listed = ", ".join('"%s"' % name for name in sorted(names))
            body.append("constexpr std::string_view k_%s_%s[] = {%s};" % (registry, part, listed))
    body += ["}  // namespace", "", "PackageList package_list(Registry registry) {", "  switch (registry) {"]
    for path in paths:
        registry = os.path.splitext(os.path.basename(path))[0]
        body.append("    case Registry::%s: return {k_%s_top, k_%s_near};" % (registry, registry, registry))
    body += ["  }", "  return {};", "}", "", "}  // namespace cmdai::commands", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(body))


main(sys.argv[1], sys.argv[2:])
