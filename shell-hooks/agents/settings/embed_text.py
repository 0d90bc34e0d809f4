#!/usr/bin/env python3
"""embed_text.py OUT FILE: writes a C++ file that holds the plugin for OpenCode as text."""
import sys

with open(sys.argv[2], encoding='utf-8') as file:
    lines = file.read().splitlines(True)
body = '\n'.join('      R"cmdai(%s)cmdai"' % line for line in lines)
with open(sys.argv[1], 'w', encoding='utf-8') as out:
    out.write('// Made by embed_text.py.\n#include <string_view>\n\nnamespace cmdai::agents {\n\n'
              'extern const std::string_view kOpencodePlugin;\nconst std::string_view kOpencodePlugin =\n%s;\n\n'
              '}  // namespace cmdai::agents\n' % body)
